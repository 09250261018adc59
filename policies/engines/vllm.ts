import type { EngineProfile } from "./facts.ts";
import { vllmAliases, vllmFlags } from "./vllm-flags.ts";
import { vllmVariables } from "./vllm-variables.ts";

const python = /(?:^|\/)python3?(?:\.\d+)?$/;

export const vllm: EngineProfile = {
  name: "vLLM",
  source: "0.33.0, 2026-11",
  id: "vllm",
  launchers: [
    [/(?:^|\/)vllm$/, /^serve$/],
    [python, /^-m$/, /^vllm\.entrypoints\.openai\.api_server$/],
    [python, /^-m$/, /^vllm\.entrypoints\.cli\.main$/, /^serve$/],
  ],
  hasEntryPoint: true,
  positional: "model",
  modelFlags: new Set(["--model"]),
  port: 8000,
  keyVariable: "VLLM_API_KEY",
  fileFlags: new Set(["--config"]),
  aliases: vllmAliases,
  flags: vllmFlags,
  variables: vllmVariables,
};
