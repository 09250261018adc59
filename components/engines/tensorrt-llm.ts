import { concurrentSequences } from "../lib/engine-limits.ts";
import {
  type Engine,
  type EngineArgs,
  type EngineVariable,
  enginePort,
  modelsMountPath,
  scratchMountPath,
  shutdownTimeoutSeconds,
} from "./engine.ts";

/**
 * Share of what weights and buffers leave free that becomes KV cache, where vLLM counts the whole memory. The
 * maker's own default (commands/serve.py), stated so that no release changes it unseen.
 */
const freeMemoryShare = 0.9;

/**
 * Command line of TensorRT-LLM; click knows its flags by underscores. Declared, not verified: the names are those of
 * commands/serve.py on its main branch (2026), and nobody read them in the release of `infra/versions.ts`.
 */
export function tensorRtLlmCommand(args: EngineArgs): string[] {
  return [
    "trtllm-serve",
    "serve",
    `${modelsMountPath}/${args.weightsPath}`,
    "--host=0.0.0.0",
    `--port=${enginePort}`,
    "--backend=pytorch",
    `--tensor_parallel_size=${args.gpus}`,
    `--max_seq_len=${args.contextTokens}`,
    `--max_batch_size=${concurrentSequences}`,
    "--max_num_tokens=2048",
    `--free_gpu_memory_fraction=${freeMemoryShare}`,
    // Without it no prompt may be longer than `max_num_tokens`.
    "--enable_chunked_prefill",
    "--log_level=info",
    ...args.extraArgs,
  ];
}

/** No hub, no statistics, caches on the pod's own scratch volume. It reads no key. */
export function tensorRtLlmEnvironment(): EngineVariable[] {
  const fixed = {
    DO_NOT_TRACK: "1",
    HF_HUB_OFFLINE: "1",
    TRANSFORMERS_OFFLINE: "1",
    HF_HUB_DISABLE_TELEMETRY: "1",
    NCCL_DEBUG: "WARN",
    HOME: scratchMountPath,
    // Libraries ask for the user's name, and this user id has none in the image.
    USER: "tensorrt-llm",
    XDG_CACHE_HOME: `${scratchMountPath}/cache`,
    CUDA_CACHE_PATH: `${scratchMountPath}/cuda`,
    FLASHINFER_WORKSPACE_BASE: `${scratchMountPath}/flashinfer`,
    TRITON_CACHE_DIR: `${scratchMountPath}/triton`,
    TORCHINDUCTOR_CACHE_DIR: `${scratchMountPath}/inductor`,
  };
  return Object.entries(fixed).map(([name, value]) => ({ name, value }));
}

/** Experimental. Its image was never started here, and what it does with requests was not measured. */
export const tensorRtLlmEngine: Engine = {
  id: "tensorrt-llm",
  support: "experimental",
  contract: undefined,
  command: tensorRtLlmCommand,
  environment: tensorRtLlmEnvironment,
  // It takes no name, and goes by the folder of its weights (serve/openai_server.py, main branch, read 2026-11).
  modelName: ({ weightsPath }) => weightsPath.slice(weightsPath.lastIndexOf("/") + 1),
  alwaysKeepsPrefixes: true,
  tunableFlags: new Set(),
  liveness: "health",
  healthPath: "/health",
  metrics: undefined,
  // What it does after SIGTERM is not verified; its pod may live as long as one of vLLM.
  drainSeconds: shutdownTimeoutSeconds,
};
