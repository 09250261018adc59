import { type Entry, type FlagFacts, harmlessFlags } from "./facts.ts";

/** Flags that change speed, shape or names of what is served, and nothing of who sees it. */
export const harmlessVllmFlags: readonly Entry<FlagFacts>[] = [
  ...harmlessFlags(
    "nothing",
    `aggregate-engine-logging async-scheduling cudagraph-metrics disable-cascade-attn
    disable-chunked-mm-input disable-custom-all-reduce disable-fastapi-docs
    disable-hybrid-kv-cache-manager disable-log-stats disable-sliding-window
    disable-uvicorn-access-log enable-auto-tool-choice enable-chunked-prefill enable-dbo
    enable-eplb enable-expert-parallel enable-flashinfer-autotune enable-force-include-usage
    enable-lora enable-mfu-metrics enable-prompt-tokens-details enable-request-id-headers
    enable-server-load-tracking enable-ssl-refresh enforce-eager
    exclude-tools-when-tool-choice-none fail-on-environ-validation fully-sharded-loras
    kv-cache-metrics language-model-only numa-bind return-tokens-as-token-ids
    scheduler-reserve-full-isl skip-mm-profiling use-tqdm-on-load`,
  ),
  ...harmlessFlags(
    "value",
    `api-server-count block-size chat-template-content-format cpu-offload-gb
    disable-access-log-for-endpoints dtype fingerprint-mode gpu-memory-utilization host
    kv-cache-dtype kv-cache-memory-bytes logprobs-mode long-prefill-token-threshold lora-dtype
    max-cpu-loras max-cudagraph-capture-size max-log-len max-logprobs max-lora-rank max-loras
    max-model-len max-num-batched-tokens max-num-queued-reqs max-num-queued-tokens max-num-seqs
    max-parallel-loading-workers num-gpu-blocks-override optimization-level performance-mode
    pipeline-parallel-size port prefix-caching-hash-algo quantization reasoning-parser
    response-role safetensors-load-strategy scheduling-policy seed shutdown-timeout
    sse-keep-alive-interval ssl-ca-certs ssl-cert-reqs ssl-certfile ssl-ciphers ssl-keyfile
    stream-interval tensor-parallel-size tool-call-parser tool-strict-level`,
  ),
  ...harmlessFlags("values", "cudagraph-capture-sizes served-model-name"),
  ...harmlessFlags(
    "json",
    `compilation-config custom-histogram-buckets default-chat-template-kwargs hf-overrides
    kv-transfer-config limit-mm-per-prompt override-generation-config speculative-config`,
  ),
  ...harmlessFlags(
    "value",
    `compilation-config.cudagraph_capture_sizes compilation-config.cudagraph_mode
    compilation-config.level compilation-config.max_cudagraph_capture_size
    compilation-config.mode compilation-config.pass_config.* custom-histogram-buckets.*
    default-chat-template-kwargs.* hf-overrides.max_position_embeddings hf-overrides.rope_scaling.*
    hf-overrides.rope_theta kv-transfer-config.kv_buffer_device kv-transfer-config.kv_role
    kv-transfer-config.kv_load_failure_policy limit-mm-per-prompt.* override-generation-config.*
    speculative-config.draft_tensor_parallel_size speculative-config.max_model_len
    speculative-config.method speculative-config.num_speculative_tokens
    speculative-config.prompt_lookup_max speculative-config.prompt_lookup_min
    speculative-config.quantization`,
  ),
];
