import { type Entry, type FlagFacts, riskyFlags } from "./facts.ts";
import { harmlessVllmFlags } from "./vllm-harmless-flags.ts";

/** Flags that name what is loaded; A02 wants a local path. */
const artefacts: readonly Entry<FlagFacts>[] = [
  ...riskyFlags(
    "artefact",
    "value",
    "hf-config-path model spec-model speculative-config.model tokenizer",
    "names what is loaded",
  ),
  ...riskyFlags("artefact", "values", "lora-modules", "names what is loaded"),
  ...riskyFlags(
    "artefact",
    "value",
    "generation-config",
    "names what is loaded",
    /^(?:auto|vllm)$/,
  ),
  // A template may stand on the command line itself.
  ...riskyFlags("artefact", "value", "chat-template", "names what is loaded", /\{[{%#]/),
  ...riskyFlags("artefact", "value", "hf-token", "points the engine at a model hub"),
];

const code: readonly Entry<FlagFacts>[] = [
  ...riskyFlags("code", "nothing", "trust-remote-code", "runs code that lies beside the weights"),
  ...riskyFlags(
    "code",
    "value",
    `io-processor-plugin middleware reasoning-parser-plugin scheduler-cls tool-parser-plugin
    worker-extension-cls`,
    "loads code that is not the engine's",
  ),
  ...riskyFlags("code", "values", "logits-processors", "loads code that is not the engine's"),
  ...riskyFlags("code", "value", "worker-cls", "names a class to be loaded", /^auto$/),
  ...riskyFlags(
    "code",
    "json",
    "additional-config attention-config kernel-config model-class-overrides model-loader-extra-config",
    "can name code to be loaded",
  ),
  ...riskyFlags(
    "code",
    "value",
    `compilation-config.backend compilation-config.inductor_compile_config.*
    compilation-config.inductor_passes.* hf-overrides.architectures hf-overrides.auto_map.*
    kv-transfer-config.kv_connector_module_path`,
    "can name code to be loaded",
  ),
  ...riskyFlags(
    "code",
    "value",
    "distributed-executor-backend",
    "can name a class to be loaded",
    /^(?:mp|uni|ray)$/,
  ),
  ...riskyFlags(
    "code",
    "value",
    "load-format",
    "can fetch weights or name a loader of its own",
    /^(?:auto|pt|safetensors|fastsafetensors|npcache|bitsandbytes|mistral)$/,
  ),
  ...riskyFlags("code", "value", "tokenizer-mode", "can name code", /^(?:auto|hf|slow|mistral)$/),
  ...riskyFlags("code", "value", "config-format", "can name code", /^(?:auto|hf|mistral)$/),
  ...riskyFlags("code", "value", "model-impl", "can name code", /^(?:auto|vllm|transformers)$/),
  ...riskyFlags(
    "code",
    "value",
    "attention-backend",
    "can name code",
    /^(?:FLASH_ATTN|FLASHINFER|TRITON_ATTN|FLEX_ATTENTION|XFORMERS|FLASHMLA|TRITON_MLA)$/,
  ),
];

const surface: readonly Entry<FlagFacts>[] = [
  ...riskyFlags(
    "surface",
    "nothing",
    "enable-elastic-ep enable-fault-tolerance enable-scale-out grpc tokens-only",
    "opens endpoints that ask for no key",
  ),
  ...riskyFlags("surface", "value", "grpc-port", "opens endpoints that ask for no key"),
  ...riskyFlags(
    "surface",
    "nothing",
    "enable-mm-embeds enable-prompt-embeds",
    "takes tensors from clients",
  ),
  ...riskyFlags(
    "surface",
    "nothing",
    "trust-request-chat-template trust-request-mm-kwargs",
    "lets a request change how it is processed",
  ),
  ...riskyFlags(
    "surface",
    "nothing",
    "enable-tokenizer-info-endpoint",
    "publishes the chat template",
  ),
  ...riskyFlags("surface", "nothing", "ray-workers-use-nsight", "profiles the engine"),
  ...riskyFlags("surface", "json", "profiler-config", "profiles the engine"),
  ...riskyFlags(
    "surface",
    "json",
    "weight-transfer-config",
    "lets others replace weights at run time",
  ),
  ...riskyFlags(
    "surface",
    "values",
    "allowed-headers allowed-methods allowed-origins",
    "lets pages of other origins call the engine",
  ),
];

const logging: readonly Entry<FlagFacts>[] = [
  ...riskyFlags(
    "logging",
    "nothing",
    "enable-log-outputs enable-log-requests log-error-stack",
    "writes requests or answers to the log",
  ),
  ...riskyFlags(
    "logging",
    "value",
    "log-level",
    "writes prompts to the log",
    /^(?:info|warning|error|critical)$/i,
  ),
  ...riskyFlags(
    "logging",
    "value",
    "uvicorn-log-level",
    "writes requests to the log",
    /^(?:info|warning|error|critical)$/i,
  ),
  ...riskyFlags(
    "logging",
    "value",
    "log-config-file",
    "takes what is logged from a file that is not in this object",
  ),
  ...riskyFlags(
    "logging",
    "json",
    "logging-config watchdog-config",
    "changes what is logged, and where to",
  ),
];

const other: readonly Entry<FlagFacts>[] = [
  ...riskyFlags("tools", "value", "tool-server", "lets the model call tools"),
  ...riskyFlags(
    "media",
    "value",
    "allowed-local-media-path",
    "lets a request name files of the container",
    /^$/,
  ),
  ["--allowed-media-domains", { takes: "values", topic: "media" }],
  ...riskyFlags(
    "media",
    "json",
    "media-io-kwargs mm-processor-kwargs",
    "changes how media is read",
  ),
  ["--otlp-traces-endpoint", { takes: "value", topic: "trace" }],
  ...riskyFlags("trace", "values", "collect-detailed-traces", "is of use to traces alone"),
  ["--enable-prefix-caching", { takes: "nothing", topic: "cache" }],
  ["--kv-transfer-config.kv_connector", { takes: "value", topic: "cache" }],
  ...riskyFlags(
    "cache",
    "json",
    "ec-transfer-config kv-events-config",
    "sends what is cached of prompts to others",
  ),
  ...riskyFlags("key", "values", "api-key", "shows the key on the command line"),
  ...riskyFlags(
    "offload",
    "value",
    "kv-offloading-size kv-offloading-backend swap-space",
    "moves what is cached of prompts out of the GPU",
  ),
];

/** Flags that make several nodes one engine; A10 asks for more where one stands. */
export const multiNodeFlags: ReadonlySet<string> = new Set([
  "--data-parallel-address",
  "--headless",
  "--kv-transfer-config.kv_connector",
  "--master-addr",
  "--nnodes",
  "--node-rank",
]);

const channels: readonly Entry<FlagFacts>[] = [
  ["--headless", { takes: "nothing", topic: "channel" }],
  ...[
    "--data-parallel-address",
    "--data-parallel-backend",
    "--data-parallel-rank",
    "--data-parallel-rpc-port",
    "--data-parallel-size",
    "--data-parallel-size-local",
    "--data-parallel-start-rank",
    "--kv-transfer-config.kv_port",
    "--master-addr",
    "--master-port",
    "--nnodes",
    "--node-rank",
  ].map((name): Entry<FlagFacts> => [name, { takes: "value", topic: "channel" }]),
];

/**
 * Source: engine/arg_utils.py, entrypoints/common/cli_args.py and config/ of vLLM 0.33.0, read
 * 2026-11. A flag that is missing here has not been reviewed, and A03 refuses it; so it does an
 * abbreviation, which the engine would take.
 */
export const vllmFlags: ReadonlyMap<string, FlagFacts> = new Map([
  ...harmlessVllmFlags,
  ...artefacts,
  ...code,
  ...surface,
  ...logging,
  ...other,
  ...channels,
]);

export const vllmAliases: ReadonlyMap<string, string> = new Map([
  ["-ac", "--attention-config"],
  ["-asc", "--api-server-count"],
  ["-cc", "--compilation-config"],
  ["-dp", "--data-parallel-size"],
  ["-n", "--nnodes"],
  ["-q", "--quantization"],
  ["-r", "--node-rank"],
  ["-sc", "--speculative-config"],
  ["-tp", "--tensor-parallel-size"],
  ["--device-memory-utilization", "--gpu-memory-utilization"],
]);
