/**
 * Metric names of vLLM 0.33.0. Source: its `v1/metrics/loggers.py`, read 2026-11. When the engine's
 * version changes, read that file again; a query that uses another name shows nothing and alerts never.
 */
const gaugesAndCounters = `
vllm:num_requests_running vllm:num_requests_waiting vllm:num_requests_waiting_by_reason
vllm:kv_cache_usage_perc vllm:engine_sleep_state vllm:cache_config_info
vllm:num_requests_kv_fetch_by_stage vllm:lora_requests_info
vllm:prompt_tokens_total vllm:generation_tokens_total vllm:request_success_total
vllm:num_preemptions_total vllm:prefix_cache_queries_total vllm:prefix_cache_hits_total
vllm:external_prefix_cache_queries_total vllm:external_prefix_cache_hits_total
vllm:mm_cache_queries_total vllm:mm_cache_hits_total vllm:prompt_tokens_by_source_total
vllm:prompt_tokens_cached_total vllm:prompt_tokens_cached_by_source_total
vllm:admission_rejections_total vllm:corrupted_requests_total vllm:watermark_requests_total
vllm:spec_decode_num_drafts_total vllm:spec_decode_num_draft_tokens_total
vllm:spec_decode_num_accepted_tokens_total vllm:spec_decode_num_accepted_tokens_per_pos_total
vllm:estimated_flops_per_gpu_total vllm:estimated_read_bytes_per_gpu_total
vllm:estimated_write_bytes_per_gpu_total vllm:tool_call_parser_invocations_total`;

const histograms = `
vllm:e2e_request_latency_seconds vllm:request_queue_time_seconds
vllm:request_inference_time_seconds vllm:request_prefill_time_seconds
vllm:request_decode_time_seconds vllm:time_to_first_token_seconds
vllm:inter_token_latency_seconds vllm:request_time_per_output_token_seconds
vllm:request_prompt_tokens vllm:request_generation_tokens
vllm:request_max_num_generation_tokens vllm:request_params_n vllm:request_params_max_tokens
vllm:request_prefill_kv_computed_tokens vllm:request_num_preemptions
vllm:iteration_tokens_total vllm:kv_block_lifetime_seconds
vllm:kv_block_idle_before_evict_seconds vllm:kv_block_reuse_gap_seconds`;

/** Names as Prometheus stores them. */
export const engineMetricNames: ReadonlySet<string> = new Set([
  ...words(gaugesAndCounters),
  ...words(histograms).flatMap((name) => [`${name}_bucket`, `${name}_sum`, `${name}_count`]),
]);

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
