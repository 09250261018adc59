import type { Leak } from "../leak.ts";
import { add, all } from "../support/change.ts";
import { append, set } from "../support/edit.ts";
import { argument, engine, enginePod, variables } from "../support/engine.ts";
import { configFile } from "../support/objects.ts";

/** What the engine sends or fetches by itself. Rows 38 to 41. */
export const downloads: readonly Leak[] = [
  {
    row: 38,
    title: "The engine reports its usage",
    catchers: ["A01"],
    column: "policy",
    variants: [
      {
        name: "variables-removed",
        title: "both switches went away in a clean-up",
        stack: "prod",
        change: variables({ VLLM_NO_USAGE_STATS: undefined, DO_NOT_TRACK: undefined }),
      },
      {
        name: "switched-on",
        title: "both switches say no",
        stack: "staging",
        change: variables({ VLLM_NO_USAGE_STATS: "0", DO_NOT_TRACK: "0" }),
      },
      {
        name: "later-entries",
        title: "later entries of the same names, which win",
        stack: "prod",
        change: engine(
          append(
            "env",
            { name: "VLLM_NO_USAGE_STATS", value: "0" },
            { name: "DO_NOT_TRACK", value: "0" },
          ),
        ),
      },
      {
        name: "other-server",
        title: "the report goes to a server of one's own choice",
        stack: "staging",
        change: variables({ VLLM_USAGE_STATS_SERVER: "https://stats.example.com" }),
      },
    ],
  },
  {
    row: 39,
    title: "The engine asks a hub for its model",
    catchers: ["A02"],
    column: "policy",
    variants: [
      {
        name: "hub-name",
        title: "the model is named as on the hub instead of by its folder",
        stack: "prod",
        change: engine(set("command[2]", "meta-llama/Meta-Llama-3-70B-Instruct")),
      },
      {
        name: "online",
        title: "the offline switches of both libraries are off",
        stack: "staging",
        change: variables({ HF_HUB_OFFLINE: "0", TRANSFORMERS_OFFLINE: "0" }),
      },
      {
        name: "switch-removed",
        title: "one offline switch went away",
        stack: "prod",
        change: variables({ HF_HUB_OFFLINE: undefined }),
      },
      {
        name: "other-hub",
        title: "another hub is asked",
        stack: "staging",
        change: variables({ VLLM_USE_MODELSCOPE: "True" }),
      },
      {
        name: "tokenizer-from-hub",
        title: "the tokenizer is named as on the hub",
        stack: "prod",
        change: argument("--tokenizer", "meta-llama/Meta-Llama-3-70B-Instruct"),
      },
    ],
  },
  {
    row: 40,
    title: "A library fetches kernels or encodings when it is first used",
    catchers: ["A02"],
    column: "policy",
    variants: [
      {
        name: "sampler",
        title: "the sampler of FlashInfer is left to its default, which fetches kernels",
        stack: "prod",
        change: variables({ VLLM_USE_FLASHINFER_SAMPLER: undefined }),
      },
      {
        name: "attention",
        title: "attention by FlashInfer, for speed",
        stack: "staging",
        change: argument("--attention-backend=FLASHINFER"),
      },
    ],
  },
  {
    row: 41,
    title: "Code of the model's author, or of a plugin, runs in the engine",
    catchers: ["A03"],
    column: "policy",
    variants: [
      {
        name: "trust",
        title: "remote code is trusted",
        stack: "prod",
        change: argument("--trust-remote-code"),
      },
      {
        name: "trust-with-underscores",
        title: "the same flag as the engine's parser also takes it",
        stack: "staging",
        change: argument("--trust_remote_code"),
      },
      {
        name: "plugin-file",
        title: "a parser for tool calls from the weights volume",
        stack: "prod",
        change: argument("--tool-parser-plugin", "/models/llama-3-70b-instruct/parser.py"),
      },
      {
        name: "plugins-variable",
        title: "plugins by variable",
        stack: "staging",
        change: variables({ VLLM_PLUGINS: "audit_hooks" }),
      },
      {
        name: "flags-from-file",
        title: "the flags stand in a mounted file, out of sight of the command line",
        stack: "prod",
        change: all(
          add(configFile("inference/engine-flags", "flags.yaml", ["trust-remote-code: true"])),
          enginePod(append("spec.volumes", { name: "flags", configMap: { name: "engine-flags" } })),
          engine(append("volumeMounts", { name: "flags", mountPath: "/etc/engine" })),
          argument("--config=/etc/engine/flags.yaml"),
        ),
      },
      {
        name: "python-path",
        title: "Python loads modules from the weights volume first",
        stack: "staging",
        change: variables({ PYTHONPATH: "/models/hooks" }),
      },
    ],
  },
];
