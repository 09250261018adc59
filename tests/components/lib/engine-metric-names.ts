import { seriesOf, vllmContract } from "../../../components/engines/contract.ts";

/** Names as Prometheus stores them. */
export const engineMetricNames: ReadonlySet<string> = seriesOf(vllmContract);

/** Names that dashboards of older versions use and this version no longer has. */
export const goneMetricNames: readonly string[] = words(`
vllm:gpu_cache_usage_perc vllm:cpu_cache_usage_perc vllm:time_per_output_token_seconds_bucket
vllm:num_requests_swapped vllm:gpu_prefix_cache_hit_rate`);

/** `le` labels of the request latency histogram, as text. Source: `v1/metrics/buckets.py`, 0.33.0. */
export const latencyBounds: ReadonlySet<string> = new Set(
  words(`0.3 0.5 0.8 1.0 1.5 2.0 2.5 5.0 10.0 15.0 20.0 30.0 40.0 50.0 60.0 120.0 240.0 480.0
  960.0 1920.0 7680.0 +Inf`),
);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Names of all metrics in a PromQL expression: what is neither a function, a keyword, a label nor a number. */
export function metricNames(expression: string): string[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, " ")
    .replace(/\{[^}]*\}/g, " ")
    .replace(/\[[^\]]*\]/g, " ")
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ");
  const keywords = new Set(["and", "or", "unless", "bool", "offset"]);
  return [...bare.matchAll(/(?<![\w.:])([a-zA-Z_:][\w:]*)\s*(\(?)/g)]
    .filter(([, name, call]) => call === "" && name !== undefined && !keywords.has(name))
    .map(([, name]) => name ?? "");
}
