import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { gatewayMetrics as metric } from "./gateway-metrics.ts";

type Groups = NonNullable<NonNullable<IPrometheusRule["spec"]>["groups"]>;
type Rules = NonNullable<Groups[number]["rules"]>;

/** Alerts on the counter and on budgets. `namespace` as the PodMonitor sets it. */
export function limitRules(namespace: string): Rules {
  const connections = `${metric.counterConnections}{namespace="${namespace}"}`;
  const spent = thisMonth(namespace, metric.overLimit);
  return [
    {
      alert: "GatewayCounterDown",
      expr: `absent(${connections}) or min(${connections}) == 0`,
      for: "2m",
      labels: { severity: "critical" },
      annotations: {
        summary:
          "Requests are not counted: nothing goes to providers, and teams have no limits inside.",
        remedy:
          "Look at the pods gateway-counter and gateway-limits; the first needs its volume, the second waits for the first.",
      },
    },
    {
      alert: "GatewayBudgetNearLimit",
      expr: `${thisMonth(namespace, metric.nearLimit)} > 0 unless on (key1) ${spent} > 0`,
      labels: { severity: "warning" },
      annotations: {
        summary: "The budget {{ $labels.key1 }} has less than a fifth left for this month.",
        remedy:
          "See in the access log what costs; move classes inside with traffic, or raise the budget in the stack file.",
      },
    },
    {
      alert: "GatewayBudgetSpent",
      expr: `${spent} > 0`,
      labels: { severity: "critical" },
      annotations: {
        summary:
          "The budget {{ $labels.key1 }} is spent: road_external closes the way to providers, that of a team refuses the team.",
        remedy: "Raise the budget in the stack file, or wait for the month to end (UTC).",
      },
    },
  ];
}

/** What was counted for budgets of the month that it is now, by budget; the month is a label of its own. */
function thisMonth(namespace: string, name: string): string {
  const counted = `${name}{namespace="${namespace}",key2=~"month_.+"}`;
  const named = `label_replace(${counted}, "month", "$1$2", "key2", "month_([0-9]{4})-([0-9]{2})")`;
  return `sum by (key1) (${named} and on (month) count_values("month", year() * 100 + month()))`;
}
