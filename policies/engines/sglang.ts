import { commonVariables } from "./common-variables.ts";
import {
  type EngineProfile,
  type Entry,
  type FlagFacts,
  harmlessFlags,
  riskyFlags,
  riskyVariables,
  type SettingFacts,
} from "./facts.ts";

const harmless: readonly Entry<FlagFacts>[] = [
  ...harmlessFlags(
    "nothing",
    `disable-cuda-graph disable-custom-all-reduce disable-overlap-schedule enable-cache-report
    enable-dp-attention enable-metrics enable-mixed-chunk enable-mfu-metrics enable-ssl-refresh
    enable-torch-compile language-model-only skip-server-warmup`,
  ),
  ...harmlessFlags(
    "value",
    `attention-backend chunked-prefill-size context-length cuda-graph-max-bs-decode dp-size dtype
    ep-size host kv-cache-dtype max-prefill-tokens max-queued-requests max-running-requests
    max-total-tokens mem-fraction-static page-size port pp-size quantization random-seed
    reasoning-parser sampling-backend schedule-conservativeness schedule-policy served-model-name
    ssl-ca-certs ssl-certfile ssl-keyfile stream-interval tool-call-parser torch-compile-max-bs
    tp-size watchdog-timeout`,
  ),
];

const risky: readonly Entry<FlagFacts>[] = [
  ...riskyFlags(
    "artefact",
    "value",
    "chat-template model-path speculative-draft-model-path tokenizer-path",
    "names what is loaded",
  ),
  ...riskyFlags("artefact", "values", "lora-paths", "names what is loaded"),
  ...riskyFlags("code", "nothing", "trust-remote-code", "runs code that lies beside the weights"),
  ...riskyFlags(
    "code",
    "nothing",
    "enable-custom-logit-processor",
    "runs code that a request brings",
  ),
  ...riskyFlags(
    "code",
    "values",
    `custom-sigquit-handler custom-weight-loader forward-hooks json-model-override-args
    model-loader-extra-config stat-loggers warmups`,
    "can name code to be loaded",
  ),
  ...riskyFlags("code", "value", "load-format", "can fetch weights", /^(?:auto|safetensors|pt)$/),
  ...riskyFlags("tools", "value", "tool-server", "lets the model call tools"),
  ...riskyFlags(
    "logging",
    "nothing",
    "enable-request-time-stats-logging log-requests",
    "writes requests to the log",
  ),
  ...riskyFlags(
    "logging",
    "values",
    `crash-dump-folder debug-tensor-dump-output-folder export-metrics-to-file-dir
    log-requests-format log-requests-level log-requests-target msprobe-dump-config`,
    "writes requests, or what is computed of them",
  ),
  ...riskyFlags(
    "logging",
    "value",
    "log-level log-level-http",
    "writes requests to the log",
    /^(?:info|warning|error|critical)$/i,
  ),
  ...riskyFlags(
    "surface",
    "nothing",
    `enable-layerwise-nvtx-marker enable-profile-cuda-graph enable-response-store grpc-mode
    smg-grpc-mode trust-mm-content-hashes trust-request-chat-template`,
    "opens more than the interface for prompts",
  ),
  ...riskyFlags("surface", "value", "admin-api-key grpc-port", "opens endpoints of operators"),
  ["--allowed-media-domains", { takes: "values", topic: "media" }],
  ...riskyFlags("media", "json", "mm-process-config", "changes how media is read"),
  ["--otlp-traces-endpoint", { takes: "value", topic: "trace" }],
  ...riskyFlags("trace", "nothing", "enable-trace", "is of use to traces alone"),
  ["--disable-radix-cache", { takes: "nothing", topic: "cache" }],
  ...riskyFlags(
    "cache",
    "values",
    `disaggregation-mode enable-flexkv enable-lmcache flexkv-config-file kv-events-config
    lmcache-config-file`,
    "shares what is cached of prompts with others",
  ),
  ...riskyFlags("key", "value", "api-key", "shows the key on the command line"),
  ...riskyFlags(
    "offload",
    "values",
    `enable-hierarchical-cache hicache-ratio hicache-size hicache-storage-backend
    hicache-storage-backend-extra-config`,
    "moves what is cached of prompts out of the GPU",
  ),
  ...["dist-init-addr", "nccl-port", "nnodes", "node-rank"].map(
    (name): Entry<FlagFacts> => [`--${name}`, { takes: "value", topic: "channel" }],
  ),
];

const variables: readonly Entry<SettingFacts>[] = [
  ...commonVariables,
  ...riskyVariables("artefact", "SGLANG_USE_MODELSCOPE", "loads from another hub", /^(?:0|false)$/),
];

/** Source: srt/server_args.py and srt/arg_groups/fields of SGLang 0.5.23, read 2026-11. */
export const sglang: EngineProfile = {
  name: "SGLang",
  source: "0.5.23, 2026-11",
  id: "sglang",
  launchers: [[/(?:^|\/)python3?(?:\.\d+)?$/, /^-m$/, /^sglang\.launch_server$/]],
  hasEntryPoint: false,
  positional: "ignored",
  modelFlags: new Set(["--model-path"]),
  port: 30000,
  fileFlags: new Set(["--config"]),
  aliases: new Map([
    ["--data-parallel-size", "--dp-size"],
    ["--ep", "--ep-size"],
    ["--expert-parallel-size", "--ep-size"],
    ["--model", "--model-path"],
    ["--nccl-init-addr", "--dist-init-addr"],
    ["--pipeline-parallel-size", "--pp-size"],
    ["--speculative-draft-model", "--speculative-draft-model-path"],
    ["--tensor-parallel-size", "--tp-size"],
    ["--enable-hicache", "--enable-hierarchical-cache"],
  ]),
  flags: new Map([...harmless, ...risky]),
  variables: new Map(variables),
};
