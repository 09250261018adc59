import { commandMutant, podMutant, variableMutant, wordsMutant } from "./engine-command.ts";
import { digest, type Mutant } from "./mutant.ts";

/** Gaps of A02 beside those of its own table. */
export const fetched: readonly Mutant[] = [
  wordsMutant(
    "A02",
    "a draft model inside JSON",
    ["--speculative-config", '{"model":"org/draft"}'],
    1,
  ),
  wordsMutant("A02", "a draft model behind a dot", ["-sc.model=org/draft"]),
  wordsMutant("A02", "a draft model by its own flag", ["--spec_model", "org/draft"], 1),
  wordsMutant("A02", "a hub id in overrides", ['--hf-overrides={"base_model":"org/name"}']),
  wordsMutant(
    "A02",
    "an adapter inside JSON",
    ["--lora-modules", '{"name":"a","path":"org/lora"}'],
    1,
  ),
  commandMutant(
    "A02",
    "a hub id behind a switch",
    ["vllm", "serve", "--enforce-eager", "gpt2"],
    "command[3]",
  ),
  wordsMutant("A02", "a tokenizer whose place is filled in later", ["--tokenizer=/$(WHERE)"]),
  variableMutant("A02", "a key of the hub", { name: "HF_TOKEN", value: "x" }, ""),
  podMutant(
    "A02",
    "a model by a variable",
    {
      image: `registry.internal/llm/text-generation-inference@${digest}`,
      env: [{ name: "MODEL_ID", value: "org/name" }],
    },
    "env[0].value",
  ),
  podMutant(
    "A02",
    "a model by variables of a whole ConfigMap",
    {
      image: `registry.internal/llm/text-generation-inference@${digest}`,
      envFrom: [{ configMapRef: { name: "c" } }],
    },
    "envFrom[0]",
  ),
  podMutant(
    "A02",
    "a model that is pulled",
    { command: ["ollama", "pull", "llama3"] },
    "command[0]",
  ),
  podMutant(
    "A02",
    "a model that a hook pulls",
    { lifecycle: { postStart: { exec: { command: ["sh", "-c", "ollama pull llama3"] } } } },
    "lifecycle.postStart.exec.command[2]",
  ),
  podMutant("A02", "weights from a hub", { command: ["hf", "download", "org/name"] }, "command[0]"),
  podMutant("A02", "weights by wget", { args: ["/usr/bin/wget", "https://x"] }, "args[0]"),
];
