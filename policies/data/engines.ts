/** Names of inference engines other than vLLM, as their images and programs carry them (regular expression, 2026-11). */
export const otherEngineNames =
  "trtllm|tensorrt|text-generation|sglang|tritonserver|lmdeploy|llama[-_.]?cpp|ollama|aphrodite|mlc[-_]?llm";

/** Extended resources that a model could run on, of any maker (regular expression, 2026-11). */
export const gpuResourceNames =
  "^(?:nvidia\\.com/(?:gpu|mig-)|amd\\.com/gpu|gpu\\.intel\\.com/|habana\\.ai/)";

/** Either one turns vLLM's usage reports off (vLLM 0.33.0, `vllm/envs.py`). */
export const usageSwitches = ["VLLM_NO_USAGE_STATS", "DO_NOT_TRACK"] as const;

/** Where usage reports go; an empty address counts as set. */
export const usageServer = "VLLM_USAGE_STATS_SERVER";

/** Each keeps one library from asking a model hub (huggingface_hub, transformers; 2026-11). */
export const offlineSwitches = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"] as const;

/** Either one keeps FlashInfer from fetching kernels when vLLM starts (vLLM 0.33.0). */
export const flashInferSwitches = [
  { name: "VLLM_USE_FLASHINFER_SAMPLER", wanted: "0" },
  { name: "VLLM_HAS_FLASHINFER_CUBIN", wanted: "1" },
] as const;

/** Makes vLLM ask another hub, unless it has one of the harmless values. */
export const otherHub = {
  name: "VLLM_USE_MODELSCOPE",
  harmless: ["", "0", "false", "False"],
} as const;

/** Flags that name something to be loaded; a hub id there would be fetched. With hyphens; engines take underscores too. */
export const loadingFlags = [
  "-hf",
  "--hf-config-path",
  "--hf-repo",
  "--model",
  "--model-id",
  "--model-path",
  "--speculative-config.model",
  "--speculative-model",
  "--tokenizer",
  "--tokenizer-path",
] as const;

/** `owner/name`, also behind `alias=` (regular expression). */
export const hubId = "^(?:[\\w.-]+=)?[\\w.-]+/[\\w.-]+$";
