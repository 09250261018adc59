import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { gatewayMetrics as metric } from "./gateway-metrics.ts";
import { limitRules } from "./limit-rules.ts";

type Groups = NonNullable<NonNullable<IPrometheusRule["spec"]>["groups"]>;
type Rules = NonNullable<Groups[number]["rules"]>;

/** Time to renew a certificate by hand, and the last days of it. */
const days = { warning: 14, critical: 3 } as const;
const daySeconds = 86_400;

/**
 * Alerts on proxies, route controller and counter.
 * @param namespace as the PodMonitors set it
 * @param isLimited whether there is a counter
 */
export function gatewayRules(namespace: string, isLimited: boolean): Groups {
  const of = `{namespace="${namespace}"}`;
  return [
    { name: "private-llm.gateway", rules: [...certificateRules(of), ...trafficRules(namespace)] },
    { name: "private-llm.gateway-routes", rules: routeRules(namespace) },
    ...(isLimited ? [{ name: "private-llm.gateway-limits", rules: limitRules(namespace) }] : []),
  ];
}

function certificateRules(of: string): Rules {
  return (["warning", "critical"] as const).map((severity) => ({
    alert: "GatewayCertificateExpires",
    expr: `min(${metric.certificateExpiry}${of}) - time() < ${days[severity] * daySeconds}`,
    for: "10m",
    labels: { severity },
    annotations: {
      summary: `The certificate that clients of the gateway see ends in less than ${days[severity]} days.`,
      remedy: "Renew the Secret of the certificate; proxies read it again by themselves.",
    },
  }));
}

function trafficRules(namespace: string): Rules {
  const answers = (more: string) =>
    `sum(rate(${metric.answers}{namespace="${namespace}",envoy_http_conn_manager_prefix="clients"${more}}[5m]))`;
  return [
    {
      alert: "GatewayWithoutEngine",
      // Clusters that stand for an engine and a provider have a plus sign in their names.
      expr: `sum by (envoy_cluster_name) (${metric.healthy}{namespace="${namespace}",envoy_cluster_name=~"engine-[^+]+"}) == 0`,
      for: "1m",
      labels: { severity: "critical" },
      annotations: {
        summary: "No server of {{ $labels.envoy_cluster_name }} answers the gateway.",
        remedy: "Look at the pods of the model; classes that may go out do, all others get 503.",
      },
    },
    {
      alert: "GatewayErrors",
      expr: `${answers(',envoy_response_code_class="5"')} / ${answers("")} > 0.01`,
      for: "5m",
      labels: { severity: "critical" },
      annotations: {
        summary: "More than 1 % of the gateway's answers are errors.",
        remedy:
          "See in the access log which class and backend; move the class back with traffic rollback.",
      },
    },
  ];
}

function routeRules(namespace: string): Rules {
  const of = `{namespace="${namespace}"}`;
  const alert = (name: string, expr: string, summary: string, remedy: string) => ({
    alert: name,
    expr,
    for: "5m",
    labels: { severity: "warning" },
    annotations: { summary, remedy },
  });
  return [
    alert(
      "RouteControllerAbsent",
      `absent(${metric.routes}${of})`,
      "The route controller reports nothing; proxies keep their last routes, and new ones get none.",
      "Look at the pod gateway-routes; traffic cannot be changed until it is back.",
    ),
    alert(
      "RouteControllerStale",
      `max(${metric.routesWatchAge}${of}) > 300`,
      "The route controller has not heard from the API server for five minutes.",
      "Look at its network policies and its token; changes of traffic do not arrive.",
    ),
    alert(
      "ProxiesBehindRoutes",
      `max(${metric.routesReplicas}{namespace="${namespace}",state="behind"}) > 0`,
      "A proxy does not have the latest routes, so some requests go by the ones before.",
      "See traffic status for its pod; delete the pod if it does not catch up.",
    ),
    alert(
      "DesiredRoutesFaulty",
      `max(${metric.routesFault}${of}) > 0`,
      "The desired routes of the cluster cannot be used; the last good ones are in force.",
      "Deploy the stack again; see traffic status for the reason.",
    ),
    alert(
      "OverrideVoid",
      `max(${metric.routesOverride}{namespace="${namespace}",state="void"}) > 0`,
      "A change of traffic is void, so the shares of the stack file are in force.",
      "Make the change again with traffic, or clear it.",
    ),
  ];
}
