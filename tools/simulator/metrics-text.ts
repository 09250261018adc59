import { type EngineStatistics, finishReasons } from "./engine-statistics.ts";
import type { Histogram } from "./histogram.ts";

/** What is true now, beside what has been counted. */
export interface Gauges {
  readonly model: string;
  readonly running: number;
  readonly waiting: number;
  /** 0 to 1. */
  readonly kvCacheUsage: number;
}

type Sample = readonly [labels: string, value: number];

/** The page at /metrics, in the names and labels of vLLM 0.33.0 (source: its `v1/metrics/loggers.py`). */
export function metricsText(gauges: Gauges, statistics: EngineStatistics): string {
  const model = `model_name="${escaped(gauges.model)}"`;
  const base = `engine="0",${model}`;
  const plain = (value: number): readonly Sample[] => [[base, value]];
  const reasons = finishReasons.map(
    (reason): Sample => [`${base},finished_reason="${reason}"`, statistics.finished[reason]],
  );
  return [
    family("num_requests_running", "gauge", plain(gauges.running)),
    family("num_requests_waiting", "gauge", plain(gauges.waiting)),
    family("num_requests_waiting_by_reason", "gauge", [
      [`${base},reason="capacity"`, gauges.waiting],
      [`${base},reason="deferred"`, 0],
    ]),
    family("kv_cache_usage_perc", "gauge", plain(gauges.kvCacheUsage)),
    family("engine_sleep_state", "gauge", [
      [`${base},sleep_state="awake"`, 1],
      [`${base},sleep_state="weights_offloaded"`, 0],
      [`${base},sleep_state="discard_all"`, 0],
    ]),
    family("prompt_tokens_total", "counter", plain(statistics.promptTokens)),
    family("prompt_tokens_cached_total", "counter", plain(statistics.cachedTokens)),
    family("prefix_cache_queries_total", "counter", plain(statistics.promptTokens)),
    family("prefix_cache_hits_total", "counter", plain(statistics.cachedTokens)),
    family("generation_tokens_total", "counter", plain(statistics.generatedTokens)),
    family("request_success_total", "counter", reasons),
    // Nothing here is ever taken out of the cache again.
    family("num_preemptions_total", "counter", plain(0)),
    // This one has no engine label.
    family("admission_rejections_total", "counter", [
      [`${model},reason="max_num_queued_reqs"`, statistics.rejections],
      [`${model},reason="max_num_queued_tokens"`, 0],
    ]),
    ...Object.entries(statistics.histograms).map(([name, it]) => histogram(name, base, it)),
  ].join("");
}

function family(name: string, type: "gauge" | "counter", samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `vllm:${name}{${labels}} ${float(value)}\n`);
  return `${head(name, type)}${lines.join("")}`;
}

function histogram(name: string, labels: string, it: Histogram): string {
  const counts = it.cumulative();
  const total = counts.at(-1) ?? 0;
  const buckets = counts.map((count, index) => {
    const bound = it.bounds[index];
    const le = bound === undefined ? "+Inf" : float(bound);
    return `vllm:${name}_bucket{${labels},le="${le}"} ${float(count)}\n`;
  });
  return (
    `${head(name, "histogram")}${buckets.join("")}` +
    `vllm:${name}_count{${labels}} ${float(total)}\nvllm:${name}_sum{${labels}} ${float(it.sum)}\n`
  );
}

function head(name: string, type: string): string {
  return `# HELP vllm:${name} Simulated.\n# TYPE vllm:${name} ${type}\n`;
}

/** As Python prints it: queries compare the text of a bound, and there it is `5.0`. */
function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function escaped(label: string): string {
  return label.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
}
