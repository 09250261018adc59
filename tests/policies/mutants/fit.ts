import type { Settings, StackModel } from "../../../policies/model/settings.ts";
import { unknown, type Value } from "../../../policies/model/value.ts";
import { changed, changedAll, settings } from "../good-graph.ts";
import { engine, engineMutant, enginePath, type Mutant, podPath, template } from "./mutant.ts";

const declared: StackModel = {
  name: "llama",
  model: "llama-3-70b-instruct",
  precision: "bf16",
  cachePrecision: "bf16",
  gpus: 8,
  contextTokens: 8_192,
  load: { concurrency: 32, inputTokens: 1_280, outputTokens: 256 },
};

/** The good graph's engine as a model of a stack on A100 80 GB. */
export function servingStack(model: Partial<StackModel> = {}): Settings {
  return { ...settings, serving: { gpu: "a100-sxm-80gb", models: [{ ...declared, ...model }] } };
}

/** The same GPUs, and no model of the stack by that name. */
export const foreign: Settings = { ...settings, serving: { gpu: "a100-sxm-80gb", models: [] } };

const path = "/models/llama-3-70b-instruct/0123abc";

/** A command line; words of `more` come last, so they are what counts. */
export function commandOf(model = path, ...more: readonly Value[]): readonly Value[] {
  return [
    "vllm",
    "serve",
    model,
    "--served-model-name=llama",
    "--tensor-parallel-size=8",
    "--max-model-len=8192",
    "--kv-cache-dtype=bfloat16",
    "--shutdown-timeout=45",
    ...more,
  ];
}

/** Places of the words, in the order of `commandOf`. */
const word = (index: number) => `${enginePath}.command[${index}]`;
const [modelAt, split, context, added] = [word(2), word(4), word(5), word(8)];
const requested = `${enginePath}.resources.limits["nvidia.com/gpu"]`;

function fit(
  title: string,
  command: readonly Value[],
  reported: string,
  told: Settings = servingStack(),
): Mutant {
  return {
    rule: "O08",
    title,
    resources: changed("Deployment/llama", [...engine, "command"], command),
    object: "Deployment inference/llama",
    path: reported,
    settings: told,
  };
}

/** The engine asks for other GPUs than its command uses. */
function asking(title: string, gpus: Value | undefined, told: Settings = servingStack()): Mutant {
  const at = [...engine, "resources", "limits", "nvidia.com/gpu"];
  return { ...engineMutant("O08", title, at, gpus, requested), settings: told };
}

/** The engine runs on nodes with another GPU than the stack's. */
function placed(title: string, product: string, reported: string, words: readonly Value[]): Mutant {
  const selector = { "private-llm/pool": "gpu", "nvidia.com/gpu.product": product };
  return {
    ...fit(title, words, reported),
    resources: changedAll("Deployment/llama", [
      [[...engine, "command"], words],
      [[...template, "nodeSelector"], selector],
    ]),
  };
}

const two = ["--tensor-parallel-size=2"];

export const fits: readonly Mutant[] = [
  fit("degree that the stack does not declare", commandOf(path, "--tensor-parallel-size=4"), added),
  fit("degree that does not divide the heads", commandOf(path, "--tensor-parallel-size=3"), added),
  fit("degree by its short name", commandOf(path, "-tp", "4"), added),
  fit("degree that is no number", commandOf(path, "--tensor-parallel-size=all"), added),
  fit(
    "degree of an engine that no stack declares",
    commandOf("/models/llama-3-70b-instruct", "--tensor-parallel-size=5"),
    added,
    foreign,
  ),
  asking("fewer GPUs than the degree", "4"),
  asking("no GPU", undefined),
  asking("more GPUs than the degree, of an engine that no stack declares", 9, foreign),
  asking("unknown number of GPUs", unknown),
  fit("context that the stack does not declare", commandOf(path, "--max-model-len=4096"), added),
  fit(
    "context longer than the model was trained for",
    commandOf(path, "--max-model-len=16k"),
    added,
    foreign,
  ),
  fit(
    "context that the cache has no room for",
    commandOf("/models/llama-3.3-70b-instruct", "--max-model-len=131072", ...two),
    word(8),
    foreign,
  ),
  fit(
    "context of the model where none is given",
    ["vllm", "serve", "/models/llama-3.3-70b-instruct", ...two],
    `${enginePath}.command`,
    foreign,
  ),
  fit(
    "load that two GPUs do not carry",
    commandOf(path, ...two),
    context,
    servingStack({ gpus: 2 }),
  ),
  fit("other model", commandOf("/models/llama-3.3-70b-instruct/0123abc"), modelAt),
  fit("other precision", commandOf("/models/llama-3-70b-instruct-awq/0123abc"), modelAt),
  fit("cache in FP8 on A100", commandOf(path, "--kv-cache-dtype=fp8_e4m3"), added, foreign),
  fit(
    "cache in FP8 that the stack does not declare",
    commandOf(path, "--kv-cache-dtype=fp8"),
    added,
  ),
  fit(
    "multiplication in FP8 on A100",
    commandOf("/models/llama-3-70b-instruct-fp8/0123abc", "--quantization=compressed-tensors"),
    added,
    servingStack({ precision: "fp8" }),
  ),
  fit(
    "multiplication in FP8 on A100, by the name of the checkpoint",
    commandOf("/models/Some-70B-FP8-dynamic"),
    modelAt,
    foreign,
  ),
  fit(
    "4-bit groups cut by the degree",
    commandOf("/models/qwen2.5-72b-instruct-awq/0123abc"),
    split,
    foreign,
  ),
  fit(
    "memory that the engine may not take",
    commandOf(path, "--gpu-memory-utilization=0.2"),
    context,
  ),
  fit("flags from a file", commandOf(path, "--config=/models/flags.yaml"), added),
  fit("unknown word", commandOf(path, unknown), added),
  placed(
    "GPU that no table knows",
    "NVIDIA-A100-SXM4-80GB-MIG-1g.10gb",
    `${podPath}.nodeSelector["nvidia.com/gpu.product"]`,
    commandOf(),
  ),
  placed("GPU with less memory than the stack's", "NVIDIA-A10G", context, commandOf()),
];
