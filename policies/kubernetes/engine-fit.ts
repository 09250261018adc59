import { gpuMemoryUtilization } from "../../components/lib/engine-limits.ts";
import { type GpuFacts, gpuFacts } from "../../components/lib/gpus.ts";
import { type Field, get, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Settings, StackModel } from "../model/settings.ts";
import { type CatalogueWeights, catalogueWeights } from "./catalogue-weights.ts";
import type { CommandLine } from "./command-line.ts";
import { commandOf, type FlagValue, numberFlag, textFlag } from "./engine-flags.ts";
import type { Engine } from "./engine-settings.ts";
import { podTemplate } from "./pod-templates.ts";

/** What a vLLM is told, as far as its memory goes. */
export interface EngineFit {
  /** The model of the stack that it serves; `undefined` for one that the stack does not know. */
  readonly stackModel: StackModel | undefined;
  /** Where its weights lie, the folder above the revision, and what the catalogue knows of it. */
  readonly path: string;
  readonly folder: string | undefined;
  readonly weights: CatalogueWeights | undefined;
  /** Where the model is named. */
  readonly modelField: Field;
  /** GPUs that the container asks for, whole. */
  readonly requested: { readonly field: Field; readonly value: number | undefined };
  readonly tensorParallel: FlagValue<number>;
  /** GPUs that the engine uses; `undefined` where it spans several pods. */
  readonly used: number | undefined;
  readonly context: FlagValue<number>;
  readonly cache: FlagValue<string>;
  readonly quantization: FlagValue<string>;
  readonly utilization: FlagValue<number>;
  /** Whether weights or cache may lie outside the GPU's memory. */
  readonly offloads: boolean;
  /** `undefined`: nobody says which, or one that no table knows. */
  readonly gpu: GpuFacts | undefined;
  readonly gpuField: Field;
}

const severalPods = ["--nnodes", "--distributed-executor-backend", "--data-parallel-address"];
const offloading = ["--cpu-offload-gb", "--kv-offloading-size", "--kv-cache-memory-bytes"];

export function engineFit(
  object: KubeObject,
  engine: Engine,
  line: CommandLine,
  settings: Settings,
): EngineFit {
  const positional = line.positionals.find((word) => textOf(word)?.startsWith("/") === true);
  const byFlag = textFlag(engine, line, "--model", "");
  const path = textOf(positional ?? rootField({})) ?? byFlag.value ?? "";
  const steps = path.split("/").filter((step) => step !== "");
  const weights = steps.map(catalogueWeights).find((found) => found !== undefined);
  const has = (flags: readonly string[]) => line.flags.some(({ name }) => flags.includes(name));
  const number = (name: string, fallback: number | undefined) =>
    numberFlag(engine, line, name, fallback);
  const tensorParallel = number("--tensor-parallel-size", 1);
  const others = ["--pipeline-parallel-size", "--data-parallel-size"].map((name) =>
    number(name, 1),
  );
  return {
    stackModel: stackModelOf(object, engine, line, settings),
    path,
    folder: steps.at(-2),
    weights,
    modelField: positional ?? byFlag.field,
    requested: requestedGpus(engine),
    tensorParallel,
    used: has(severalPods) ? undefined : product([tensorParallel, ...others]),
    context: number("--max-model-len", weights?.shape.nativeContextTokens),
    cache: textFlag(engine, line, "--kv-cache-dtype", "auto"),
    quantization: textFlag(engine, line, "--quantization", ""),
    utilization: number("--gpu-memory-utilization", gpuMemoryUtilization),
    offloads: has(offloading),
    ...gpuOf(object, engine, settings),
  };
}

function product(values: readonly FlagValue<number>[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, { value }) => (sum === undefined || value === undefined ? undefined : sum * value),
    1,
  );
}

/** By the name that clients send, or by that of the object which the stack makes for it. */
export function stackModelOf(
  object: KubeObject,
  engine: Engine,
  line: CommandLine,
  { serving }: Settings,
): StackModel | undefined {
  const served = textFlag(engine, line, "--served-model-name", "").value;
  return (
    serving.models.find(({ name }) => name === served) ??
    serving.models.find(({ name }) => name === object.name)
  );
}

function requestedGpus({ container }: Engine): EngineFit["requested"] {
  const limit = get(container.field, "resources", "limits", "nvidia.com/gpu");
  const request = get(container.field, "resources", "requests", "nvidia.com/gpu");
  const field = limit.value === undefined && request.value !== undefined ? request : limit;
  const { value } = field;
  const whole = typeof value === "number" || /^\d+$/.test(textOf(field) ?? "");
  return { field, value: whole ? Number(value) : undefined };
}

/** The label that the pod asks of its node decides; without one the stack's own GPUs do. */
function gpuOf(
  object: KubeObject,
  engine: Engine,
  { serving }: Settings,
): Pick<EngineFit, "gpu" | "gpuField"> {
  const template = podTemplate(object);
  const label =
    template === undefined
      ? commandOf(engine)
      : get(template.spec, "nodeSelector", "nvidia.com/gpu.product");
  if (template !== undefined && label.value !== undefined) {
    const named = Object.values(gpuFacts).find(({ product: name }) => name === label.value);
    return { gpu: named, gpuField: label };
  }
  const gpu = serving.gpu === undefined ? undefined : gpuFacts[serving.gpu];
  return { gpu, gpuField: label };
}
