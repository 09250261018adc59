import { createHash } from "node:crypto";
import { DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { EngineMetrics } from "../engines/engine.ts";

interface PanelFacts {
  readonly title: string;
  readonly unit: string;
  readonly query: string;
  readonly legend: string;
}

/** Grafana dashboard of one model server, as JSON text with stable key order. */
export function engineDashboard(model: string, metric: EngineMetrics): string {
  const of = `{model_name="${model}"}`;
  const by = (quantile: number, bucket: string) =>
    `histogram_quantile(${quantile}, sum by (le) (rate(${bucket}${of}[5m])))`;
  const load: PanelFacts[] = [
    {
      title: "Requests running",
      unit: "short",
      query: `sum(${metric.running}${of})`,
      legend: "running",
    },
    {
      title: "Requests waiting",
      unit: "short",
      query: `sum(${metric.waiting}${of})`,
      legend: "waiting",
    },
    {
      title: "KV cache in use",
      unit: "percentunit",
      query: `max(${metric.kvCacheUsage}${of})`,
      legend: "fullest replica",
    },
    {
      title: "Preemptions",
      unit: "ops",
      query: `sum(rate(${metric.preemptions}${of}[5m]))`,
      legend: "preemptions",
    },
  ];
  const speed: PanelFacts[] = [
    {
      title: "Latency, 95th percentile",
      unit: "s",
      query: by(0.95, metric.latencyBucket),
      legend: "end to end",
    },
    {
      title: "Time to first token, 95th percentile",
      unit: "s",
      query: by(0.95, metric.firstTokenBucket),
      legend: "first token",
    },
    {
      title: "Tokens generated",
      unit: "short",
      query: `sum(rate(${metric.generationTokens}${of}[5m]))`,
      legend: "tokens per second",
    },
    {
      title: "Tokens read",
      unit: "short",
      query: `sum(rate(${metric.promptTokens}${of}[5m]))`,
      legend: "tokens per second",
    },
  ];
  const builder = new DashboardBuilder(`Model ${model}`)
    .uid(dashboardUid(model))
    .tags(["private-llm"])
    .refresh("30s")
    .time({ from: "now-6h", to: "now" })
    .timezone("browser")
    .withRow(new RowBuilder("Load"));
  for (const facts of load) builder.withPanel(panel(facts));
  builder.withRow(new RowBuilder("Speed"));
  for (const facts of speed) builder.withPanel(panel(facts));
  return JSON.stringify(builder.build(), undefined, 2);
}

const longestUid = 40;

/** Grafana refuses longer identifiers, and a name cut off could be that of another model. */
function dashboardUid(model: string): string {
  const uid = `private-llm-${model}`;
  if (uid.length <= longestUid) return uid;
  const hash = createHash("sha256").update(model).digest("hex");
  return `private-llm-${hash}`.slice(0, longestUid);
}

function panel(facts: PanelFacts): PanelBuilder {
  return new PanelBuilder()
    .title(facts.title)
    .unit(facts.unit)
    .span(12)
    .height(8)
    .min(0)
    .withTarget(new DataqueryBuilder().expr(facts.query).legendFormat(facts.legend));
}
