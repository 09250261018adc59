import {
  type Entry,
  harmlessVariables,
  judgedVariables,
  riskyVariables,
  type SettingFacts,
} from "./facts.ts";

/** Directories whose content engines load as code or keep from one start to the next. */
export const cacheVariables = `CUDA_CACHE_PATH FLASHINFER_WORKSPACE_BASE HF_HOME HF_HUB_CACHE HOME
  HUGGINGFACE_HUB_CACHE NUMBA_CACHE_DIR OUTLINES_CACHE_DIR TMPDIR TORCH_EXTENSIONS_DIR
  TORCH_HOME TORCHINDUCTOR_CACHE_DIR TRANSFORMERS_CACHE TRITON_CACHE_DIR TRITON_HOME
  XDG_CACHE_HOME XDG_CONFIG_HOME`;

/**
 * Variables of the libraries that every engine stands on. Sources: documentation of CPython 3.13,
 * PyTorch 2.14, NCCL 2.28, huggingface_hub 1.x and OpenTelemetry, as far as rules need it; 2026-11.
 */
export const commonVariables: readonly Entry<SettingFacts>[] = [
  ...harmlessVariables(`CUDA_DEVICE_ORDER CUDA_MODULE_LOADING CUDA_VISIBLE_DEVICES DO_NOT_TRACK
    GLOO_SOCKET_IFNAME HF_DATASETS_OFFLINE HF_HUB_DISABLE_TELEMETRY HF_HUB_OFFLINE HOST_IP
    HOSTNAME LANG LC_ALL LC_CTYPE LOGNAME MKL_NUM_THREADS NCCL_CUMEM_ENABLE NCCL_DEBUG
    NCCL_IB_DISABLE NCCL_IB_HCA NCCL_NVLS_ENABLE NCCL_P2P_DISABLE NCCL_P2P_LEVEL
    NCCL_SOCKET_IFNAME NODE_NAME NVIDIA_DRIVER_CAPABILITIES NVIDIA_VISIBLE_DEVICES
    OMP_NUM_THREADS POD_IP POD_NAME POD_NAMESPACE PYTHONDONTWRITEBYTECODE PYTHONHASHSEED
    PYTHONUNBUFFERED PYTORCH_ALLOC_CONF PYTORCH_CUDA_ALLOC_CONF TERM TOKENIZERS_PARALLELISM
    TRANSFORMERS_OFFLINE TZ USER`),
  ...riskyVariables(
    "artefact",
    "HF_ENDPOINT HF_TOKEN HF_TOKEN_PATH HUGGING_FACE_HUB_TOKEN",
    "points the engine at a model hub",
  ),
  ...riskyVariables(
    "code",
    `BASH_ENV ENV LD_AUDIT LD_LIBRARY_PATH LD_PRELOAD PATH PYTHONHOME PYTHONPATH PYTHONPLATLIBDIR
    PYTHONSTARTUP PYTHONUSERBASE PYTHONWARNINGS`,
    "decides which code is loaded",
  ),
  ...riskyVariables("logging", "TORCH_LOGS TORCH_TRACE", "writes what the engine computes", /^$/),
  ...riskyVariables(
    "logging",
    "TRANSFORMERS_VERBOSITY",
    "can print what it is given",
    /^(?:error|critical|warning|info)$/,
  ),
  ...riskyVariables(
    "surface",
    "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD",
    "lets a file of weights run code",
    /^(?:0|false)?$/,
  ),
  ...judgedVariables("cache", cacheVariables),
  ...judgedVariables(
    "trace",
    `OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_TRACES_ENDPOINT OTEL_EXPORTER_OTLP_INSECURE
    OTEL_EXPORTER_OTLP_PROTOCOL OTEL_EXPORTER_OTLP_TRACES_INSECURE
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL OTEL_RESOURCE_ATTRIBUTES OTEL_SDK_DISABLED
    OTEL_SERVICE_NAME OTEL_TRACES_EXPORTER OTEL_TRACES_SAMPLER OTEL_TRACES_SAMPLER_ARG`,
  ),
];
