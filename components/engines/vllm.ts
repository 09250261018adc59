import { concurrentSequences, gpuMemoryUtilization } from "../lib/engine-limits.ts";
import type { CachePrecision } from "../lib/models/precision.ts";
import { vllmContract } from "./contract.ts";
import {
  apiKeyField,
  type Engine,
  type EngineArgs,
  type EngineVariable,
  enginePort,
  modelsMountPath,
  scratchMountPath,
  shutdownTimeoutSeconds,
} from "./engine.ts";
import { tunableVllmFlags } from "./tunable-flags.ts";
import { vllmMetrics } from "./vllm-metrics.ts";

const cacheTypes: Readonly<Record<CachePrecision, string>> = { bf16: "bfloat16", fp8: "fp8" };

/**
 * Command line of the engine. Each flag and its reason: docs/serving.md; names as in vLLM 0.33.0.
 * The model is an absolute path, never a hub id: the pod could not reach a hub, and must not try.
 */
export function vllmCommand(args: EngineArgs): string[] {
  return [
    "vllm",
    "serve",
    `${modelsMountPath}/${args.weightsPath}`,
    `--served-model-name=${args.servedName}`,
    "--host=0.0.0.0",
    `--port=${enginePort}`,
    `--tensor-parallel-size=${args.gpus}`,
    "--dtype=bfloat16",
    `--max-model-len=${args.contextTokens}`,
    // The engine's own choice is the type of the weights, and for some checkpoints FP8.
    `--kv-cache-dtype=${cacheTypes[args.cachePrecision]}`,
    `--gpu-memory-utilization=${gpuMemoryUtilization}`,
    `--max-num-seqs=${concurrentSequences}`,
    // Counts waiting and running. Beyond it a request gets 503 at once, and the gateway tries elsewhere; an
    // endless queue would look like a dead server to the gateway's check.
    `--max-num-queued-reqs=${2 * concurrentSequences}`,
    "--max-num-batched-tokens=2048",
    // Answer times tell which prompts came before, unless a gateway salts requests by tenant.
    args.prefixCache ? "--enable-prefix-caching" : "--no-enable-prefix-caching",
    // A name that exists nowhere (RFC 6761): without a list, a request may name any address to be fetched.
    "--allowed-media-domains=none.invalid",
    "--enable-prompt-tokens-details",
    "--enable-force-include-usage",
    `--shutdown-timeout=${shutdownTimeoutSeconds}`,
    "--disable-access-log-for-endpoints=/health,/metrics,/ping",
    "--disable-fastapi-docs",
    "--fingerprint-mode=none",
    "--fail-on-environ-validation",
    ...toolCalls(args.toolParser),
    ...args.extraArgs,
  ];
}

/** Without both flags the engine refuses every request with tools, unless it says that none may be called. */
function toolCalls(parser: string | undefined): string[] {
  return parser === undefined ? [] : ["--enable-auto-tool-choice", `--tool-call-parser=${parser}`];
}

/** Seconds the engine may take until its workers answer; covers reading the weights. */
const engineReadySeconds = 1_800;

/**
 * Environment of the engine: no usage statistics, no hub, caches on the pod's own scratch volume so
 * that no other tenant's compiled code is ever loaded.
 */
export function vllmEnvironment(apiKeySecret: string): EngineVariable[] {
  const fixed = {
    VLLM_NO_USAGE_STATS: "1",
    DO_NOT_TRACK: "1",
    HF_HUB_OFFLINE: "1",
    TRANSFORMERS_OFFLINE: "1",
    HF_HUB_DISABLE_TELEMETRY: "1",
    VLLM_MEDIA_URL_ALLOW_REDIRECTS: "0",
    VLLM_USE_FLASHINFER_SAMPLER: "0",
    VLLM_LOGGING_LEVEL: "INFO",
    VLLM_ENGINE_READY_TIMEOUT_S: String(engineReadySeconds),
    NCCL_DEBUG: "WARN",
    HOME: scratchMountPath,
    // Libraries ask for the user's name, and this user id has none in the image.
    USER: "vllm",
    VLLM_CACHE_ROOT: `${scratchMountPath}/vllm`,
    XDG_CACHE_HOME: `${scratchMountPath}/cache`,
    TRITON_CACHE_DIR: `${scratchMountPath}/triton`,
    TORCHINDUCTOR_CACHE_DIR: `${scratchMountPath}/inductor`,
  };
  return [
    ...Object.entries(fixed).map(([name, value]) => ({ name, value })),
    { name: "VLLM_API_KEY", valueFrom: { secretKeyRef: { name: apiKeySecret, key: apiKeyField } } },
  ];
}

/** vLLM at the version of `infra/versions.ts`. */
export const vllmEngine: Engine = {
  id: "vllm",
  support: "supported",
  contract: vllmContract,
  command: vllmCommand,
  environment: vllmEnvironment,
  modelName: ({ servedName }) => servedName,
  alwaysKeepsPrefixes: false,
  tunableFlags: tunableVllmFlags,
  liveness: "one-token",
  healthPath: "/health",
  metrics: vllmMetrics,
  drainSeconds: shutdownTimeoutSeconds,
};
