import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import type { EngineMetrics } from "../engines/engine.ts";

type Groups = NonNullable<NonNullable<IPrometheusRule["spec"]>["groups"]>;

/** Latency that requests must stay under, seconds; a bucket boundary of the engine's histogram, so nothing is interpolated. */
const latencyLimit = "5.0";

/** Alerts on one model server. `model` is the served name, `namespace` and `job` as the PodMonitor sets them. */
export function engineRules(model: string, metric: EngineMetrics): Groups {
  const of = `{model_name="${model}"}`;
  const labels = { model };
  return [
    {
      name: `private-llm.${model}`,
      rules: [
        {
          alert: "EngineAbsent",
          expr: `absent(${metric.running}${of})`,
          for: "5m",
          labels: { ...labels, severity: "critical" },
          annotations: {
            summary: `No replica of ${model} reports metrics.`,
            remedy: "Look at the pods of the model: scheduling, weights volume, engine start.",
          },
        },
        {
          // `/health` stays green while inference is dead; progress is the only honest sign.
          alert: "EngineStalled",
          expr: `sum(${metric.running}${of}) + sum(${metric.waiting}${of}) > 0 and sum(rate(${metric.generationTokens}${of}[5m])) == 0`,
          for: "5m",
          labels: { ...labels, severity: "critical" },
          annotations: {
            summary: `${model} holds requests and generates no token.`,
            remedy: "Delete the stalled pod; traffic goes to the other replicas.",
          },
        },
        {
          alert: "EngineQueueGrows",
          expr: `sum(${metric.waiting}${of}) > 25`,
          for: "5m",
          labels: { ...labels, severity: "warning" },
          annotations: {
            summary: `More than 25 requests wait for ${model}.`,
            remedy: "Add a replica or move a task class away from this model.",
          },
        },
        {
          alert: "EngineLatencyHigh",
          expr: `sum(rate(${metric.latencyBucket}{model_name="${model}",le="${latencyLimit}"}[5m])) / sum(rate(${metric.latencyCount}${of}[5m])) < 0.95 and sum(increase(${metric.latencyCount}${of}[5m])) > 20`,
          for: "10m",
          labels: { ...labels, severity: "warning" },
          annotations: {
            summary: `Fewer than 95 % of requests to ${model} end within ${latencyLimit} s.`,
            remedy: "Compare token lengths with the declared profile before adding capacity.",
          },
        },
      ],
    },
  ];
}
