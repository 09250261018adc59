/** Variables and flags that every engine must be given, and those that none may be (vLLM 0.33.0, huggingface_hub 1.x; 2026-11). */

/** Either one turns the engine's usage reports off. */
export const usageSwitches = ["VLLM_NO_USAGE_STATS", "DO_NOT_TRACK"] as const;

/** Where usage reports go; an empty address counts as set. */
export const usageServer = "VLLM_USAGE_STATS_SERVER";

/** Each keeps one library from asking a model hub. */
export const offlineSwitches = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"] as const;

/** Either one keeps FlashInfer from fetching kernels when the engine starts. */
export const flashInferSwitches = [
  { name: "VLLM_USE_FLASHINFER_SAMPLER", wanted: "0" },
  { name: "VLLM_HAS_FLASHINFER_CUBIN", wanted: "1" },
] as const;

/** Makes the engine ask another hub, unless it has one of the harmless values. */
export const otherHub = {
  name: "VLLM_USE_MODELSCOPE",
  harmless: ["", "0", "false", "False"],
} as const;

/** Must be "0": a redirect may lead anywhere. */
export const mediaRedirects = "VLLM_MEDIA_URL_ALLOW_REDIRECTS";

/** Must name domains: an empty list allows all of them. */
export const mediaDomainsFlag = "--allowed-media-domains";

/** Names below `.invalid` exist nowhere (RFC 6761), so they stand for no domain at all. */
export const noDomain = /^(?:[a-z0-9-]+\.)+invalid$/;

/** Folders from which an image's programs, libraries and Python modules are loaded. */
export const codeFolder =
  /^\/(?:$|(?:app|bin|etc|lib\d*|opt|sbin|sgl-workspace|usr|venv|vllm-workspace|workspace)(?:\/|$))|\/(?:\.local|dist-packages|site-packages)(?:\/|$)|\.(?:py|pth|so(?:\.\d+)*)$/;
