import { commonVariables } from "./common-variables.ts";
import {
  type EngineProfile,
  type Entry,
  type FlagFacts,
  harmlessFlags,
  riskyFlags,
} from "./facts.ts";

const flags: readonly Entry<FlagFacts>[] = [
  ...harmlessFlags("nothing", "enable-chunked-prefill fail-fast-on-attention-window-too-large"),
  ...harmlessFlags(
    "value",
    `backend free-gpu-memory-fraction gpus-per-node host max-batch-size max-beam-width
    max-num-tokens max-seq-len context-parallel-size moe-cluster-parallel-size
    moe-expert-parallel-size num-postprocess-workers pipeline-parallel-size port reasoning-parser
    tensor-parallel-size tool-parser`,
  ),
  ...riskyFlags("artefact", "value", "chat-template tokenizer", "names what is loaded"),
  ...riskyFlags("code", "nothing", "trust-remote-code", "runs code that lies beside the weights"),
  ...riskyFlags("code", "value", "custom-module-dirs custom-tokenizer", "names code to be loaded"),
  ...riskyFlags(
    "logging",
    "value",
    "log-level",
    "writes requests to the log",
    /^(?:info|warning|error|internal_error)$/,
  ),
  ...riskyFlags("media", "value", "media-io-kwargs", "changes how media is read"),
  ["--otlp-traces-endpoint", { takes: "value", topic: "trace" }],
  ...riskyFlags(
    "cache",
    "value",
    "disagg-cluster-uri metadata-server-config-file server-role",
    "shares what is cached of prompts with others",
  ),
];

/** Source: commands/serve.py of TensorRT-LLM, main branch of 2026, read 2026-11. */
export const tensorRtLlm: EngineProfile = {
  name: "TensorRT-LLM",
  source: "trtllm-serve of 2026, 2026-11",
  id: "tensorrt-llm",
  launchers: [[/(?:^|\/)trtllm-serve$/, /^serve$/], [/(?:^|\/)trtllm-serve$/]],
  hasEntryPoint: false,
  positional: "model",
  modelFlags: new Set(),
  port: 8000,
  fileFlags: new Set(["--config", "--extra-llm-api-options"]),
  aliases: new Map([
    ["--cluster-size", "--moe-cluster-parallel-size"],
    ["--cp-size", "--context-parallel-size"],
    ["--ep-size", "--moe-expert-parallel-size"],
    ["--kv-cache-free-gpu-memory-fraction", "--free-gpu-memory-fraction"],
    ["--pp-size", "--pipeline-parallel-size"],
    ["--tp-size", "--tensor-parallel-size"],
  ]),
  flags: new Map(flags),
  variables: new Map(commonVariables),
};
