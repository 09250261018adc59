import type { EngineMetrics } from "./engine.ts";

/**
 * Names of vLLM 0.33.0 (source: its `v1/metrics/loggers.py`). A test holds every query against the contract, so a
 * rename upstream breaks the build and not a panel.
 */
export const vllmMetrics: EngineMetrics = {
  running: "vllm:num_requests_running",
  waiting: "vllm:num_requests_waiting",
  kvCacheUsage: "vllm:kv_cache_usage_perc",
  promptTokens: "vllm:prompt_tokens_total",
  generationTokens: "vllm:generation_tokens_total",
  finished: "vllm:request_success_total",
  preemptions: "vllm:num_preemptions_total",
  rejections: "vllm:admission_rejections_total",
  latencyBucket: "vllm:e2e_request_latency_seconds_bucket",
  latencyCount: "vllm:e2e_request_latency_seconds_count",
  firstTokenBucket: "vllm:time_to_first_token_seconds_bucket",
};
