import { commonVariables } from "./common-variables.ts";
import {
  type Entry,
  harmlessVariables,
  judgedVariables,
  riskyVariables,
  type SettingFacts,
} from "./facts.ts";

/** How the engine reads a switch: `int` or "true". */
const off = /^(?:0|false)?$/i;

const harmless = harmlessVariables(`VLLM_ALLOW_LONG_MAX_MODEL_LEN VLLM_AUDIO_FETCH_TIMEOUT
  VLLM_BATCH_INVARIANT VLLM_COMPUTE_NANS_IN_LOGITS VLLM_CPU_KVCACHE_SPACE VLLM_DISABLE_COMPILE_CACHE
  VLLM_DISABLE_LOG_LOGO VLLM_DISABLE_PYNCCL VLLM_DO_NOT_TRACK VLLM_ENABLE_CUDA_COMPATIBILITY
  VLLM_ENABLE_CUDAGRAPH_GC VLLM_ENABLE_V1_MULTIPROCESSING VLLM_ENGINE_READY_TIMEOUT_S
  VLLM_EXECUTE_MODEL_TIMEOUT_SECONDS VLLM_FLOAT32_MATMUL_PRECISION VLLM_HAS_FLASHINFER_CUBIN
  VLLM_HTTP_MAX_REQUEST_BODY_SIZE VLLM_HTTP_TIMEOUT_KEEP_ALIVE VLLM_IMAGE_FETCH_TIMEOUT
  VLLM_KEEP_ALIVE_ON_ENGINE_DEATH VLLM_KV_CACHE_LAYOUT VLLM_LOG_STATS_INTERVAL VLLM_LOGGING_COLOR
  VLLM_LOGGING_PREFIX VLLM_MAX_AUDIO_CLIP_FILESIZE_MB VLLM_MAX_IMAGE_PIXELS
  VLLM_MAX_MEDIA_DOWNLOAD_SIZE_MB VLLM_MAX_N_SEQUENCES VLLM_MEDIA_FETCH_MAX_RETRIES
  VLLM_MEDIA_LOADING_THREAD_COUNT VLLM_NO_USAGE_STATS VLLM_SKIP_P2P_CHECK VLLM_USAGE_SOURCE
  VLLM_USE_DEEP_GEMM VLLM_USE_FLASHINFER_SAMPLER VLLM_USE_V2_MODEL_RUNNER VLLM_VIDEO_FETCH_TIMEOUT
  VLLM_WORKER_MULTIPROC_METHOD VLLM_WORKER_SHUTDOWN_TIMEOUT_SECONDS`);

const code: readonly Entry<SettingFacts>[] = [
  ...riskyVariables("code", "VLLM_PLUGINS", "names plug-ins to be loaded", /^$/),
  ...riskyVariables(
    "code",
    `VLLM_CUDA_COMPATIBILITY_PATH VLLM_CUDART_SO_PATH VLLM_NCCL_INCLUDE_PATH VLLM_NCCL_SO_PATH
    VLLM_RUST_FRONTEND_PATH`,
    "names a library to be loaded",
  ),
  ...riskyVariables(
    "code",
    "VLLM_RAY_EXTRA_ENV_VARS_TO_COPY VLLM_RAY_EXTRA_ENV_VAR_PREFIXES_TO_COPY",
    "hands further variables to the workers",
  ),
  // The other front end reads other flags and variables than these tables.
  ...riskyVariables("code", "VLLM_USE_RUST_FRONTEND", "starts another front end", off),
];

const surface: readonly Entry<SettingFacts>[] = [
  ...riskyVariables("surface", "VLLM_SERVER_DEV_MODE", "opens the endpoints of developers", off),
  ...riskyVariables(
    "surface",
    "VLLM_ALLOW_RUNTIME_LORA_UPDATING",
    "lets clients load adapters at run time",
    off,
  ),
  ...riskyVariables(
    "surface",
    "VLLM_LORA_RESOLVER_CACHE_DIR VLLM_LORA_RESOLVER_HF_REPO_LIST",
    "loads adapters that a request names",
  ),
  ...riskyVariables("surface", "VLLM_ALLOW_INSECURE_SERIALIZATION", "lets a message run code", off),
  ...riskyVariables(
    "surface",
    "VLLM_CUSTOM_SCOPES_FOR_PROFILING VLLM_NVTX_SCOPES_FOR_PROFILING VLLM_TORCH_CUDA_PROFILE",
    "profiles the engine",
    off,
  ),
  ...riskyVariables("surface", "VLLM_TORCH_PROFILER_DIR", "profiles the engine"),
  ...riskyVariables("surface", "VLLM_ENABLE_COHERE_API", "opens a further interface", off),
  ...riskyVariables(
    "surface",
    "VLLM_ENABLE_RESPONSES_API_STORE",
    "keeps requests and answers for later calls",
    off,
  ),
];

const logging: readonly Entry<SettingFacts>[] = [
  ...riskyVariables(
    "logging",
    "VLLM_LOGGING_LEVEL",
    "writes prompts to the log",
    /^(?:INFO|WARNING|ERROR|CRITICAL)$/i,
  ),
  // The level at which bodies are written must stay below the level that is shown.
  ...riskyVariables(
    "logging",
    "VLLM_REQUEST_BODY_LOG_LEVEL",
    "writes bodies of requests to the log",
    /^DEBUG$/i,
  ),
  ...riskyVariables(
    "logging",
    "VLLM_DEBUG_LOG_API_SERVER_RESPONSE VLLM_LOG_MODEL_INSPECTION VLLM_TRACE_FUNCTION",
    "writes answers or calls to the log",
    off,
  ),
  ...riskyVariables(
    "logging",
    "VLLM_LOGGING_CONFIG_PATH",
    "takes what is logged from a file that is not in this object",
  ),
  ...riskyVariables("logging", "VLLM_CONFIGURE_LOGGING", "leaves logging to a library", /^1$/),
  ...riskyVariables(
    "logging",
    "VLLM_LOGGING_STREAM",
    "changes where the log goes",
    /^ext:\/\/sys\.std(?:out|err)$/,
  ),
  ...riskyVariables(
    "logging",
    "VLLM_DEBUG_DUMP_PATH VLLM_PATTERN_MATCH_DEBUG",
    "writes what the engine computes",
  ),
];

const other: readonly Entry<SettingFacts>[] = [
  ...riskyVariables(
    "media",
    "VLLM_MEDIA_CONNECTOR",
    "replaces what checks addresses of media",
    /^http$/,
  ),
  ...riskyVariables("media", "VLLM_MEDIA_CACHE", "keeps media of requests on a disk", /^$/),
  ["VLLM_MEDIA_URL_ALLOW_REDIRECTS", { topic: "media" }],
  ...riskyVariables(
    "tools",
    "VLLM_GPT_OSS_SYSTEM_TOOL_MCP_LABELS",
    "lets the model call tools",
    /^$/,
  ),
  ...riskyVariables(
    "tools",
    "VLLM_USE_EXPERIMENTAL_PARSER_CONTEXT",
    "lets the model call tools",
    off,
  ),
  ...riskyVariables(
    "tools",
    "EXA_API_KEY GPT_OSS_BROWSER_BACKEND PYTHON_EXECUTION_BACKEND YDC_API_KEY",
    "sets up a tool of the model",
  ),
  ...riskyVariables("artefact", "VLLM_MODEL_REDIRECT_PATH", "replaces the model that is named"),
  ["VLLM_USE_MODELSCOPE", { topic: "artefact" }],
  ["VLLM_USAGE_STATS_SERVER", {}],
  ["VLLM_API_KEY", { topic: "key" }],
  ...judgedVariables(
    "cache",
    `VLLM_ASSETS_CACHE VLLM_CACHE_ROOT VLLM_CONFIG_ROOT VLLM_FLASHINFER_AUTOTUNE_CACHE_DIR
    VLLM_RPC_BASE_PATH VLLM_TUNED_CONFIG_FOLDER VLLM_XLA_CACHE_PATH`,
  ),
  ...judgedVariables(
    "channel",
    `VLLM_DP_MASTER_IP VLLM_DP_MASTER_PORT VLLM_EC_SIDE_CHANNEL_HOST VLLM_EC_SIDE_CHANNEL_PORT
    VLLM_HOST_IP VLLM_LOOPBACK_IP VLLM_MOONCAKE_BOOTSTRAP_PORT VLLM_NIXL_SIDE_CHANNEL_HOST
    VLLM_NIXL_SIDE_CHANNEL_PORT VLLM_P2P_SIDE_CHANNEL_HOST VLLM_P2P_SIDE_CHANNEL_PORT VLLM_PORT`,
  ),
  ...riskyVariables("offload", "VLLM_USE_SIMPLE_KV_OFFLOAD", "moves cached prompts", off),
  ...riskyVariables(
    "offload",
    "LMCACHE_CONFIG_FILE LMCACHE_LOCAL_DISK LMCACHE_MAX_LOCAL_DISK_SIZE",
    "writes what is cached of prompts to a disk",
  ),
  ...riskyVariables(
    "cache",
    "LMCACHE_REMOTE_SERDE LMCACHE_REMOTE_URL",
    "shares what is cached of prompts with others",
  ),
];

/**
 * Source: envs.py of vLLM 0.33.0 and the variables that its modules read beside it, read 2026-11. A
 * variable that is missing here has not been reviewed, and A03 refuses it.
 */
export const vllmVariables: ReadonlyMap<string, SettingFacts> = new Map([
  ...commonVariables,
  ...harmless,
  ...code,
  ...surface,
  ...logging,
  ...other,
]);
