import { concurrentSequences } from "../engine-limits.ts";
import type { GpuFacts } from "../gpus.ts";
import type { CachePrecision, Precision } from "../models/precision.ts";
import type { ModelShape } from "../models/shape.ts";
import { vllmFacts } from "./engine-facts.ts";
import { type FitQuestion, requestTokens } from "./question.ts";

/** Why a model cannot run so, whatever memory there is. */
export interface RuleFault {
  /** Field of the question that is at fault. */
  readonly field: "model" | "gpus" | "precision" | "cachePrecision" | "contextTokens" | "load";
  /** Value, reason and remedy. */
  readonly message: string;
}

/** All rules that do not count memory; every fault at once. */
export function ruleFaults(question: FitQuestion): readonly RuleFault[] {
  return [...modelFaults(question), ...gpuFaults(question)];
}

/** What the GPU forbids. */
export function gpuFaults({
  checkpoints,
  precision,
  cachePrecision,
  gpu,
}: FitQuestion): readonly RuleFault[] {
  return [
    ...cacheFaults(cachePrecision, gpu),
    ...computeFaults(computesInFp8(checkpoints[precision] ?? ""), gpu),
  ];
}

/** What the model itself forbids, whatever GPU it runs on. */
export function modelFaults(
  question: Omit<FitQuestion, "gpu" | "gpusPerNode">,
): readonly RuleFault[] {
  const { model, shape, gpus, precision } = question;
  return [
    ...architectureFaults(model, shape),
    ...checkpointFaults(question),
    ...splitFaults(model, shape, gpus),
    ...groupFaults(model, shape, precision, gpus),
    ...contextFaults(question),
    ...loadFaults(question),
  ];
}

/** Architectures that the pinned engine no longer has. */
export function architectureFaults(
  model: string,
  shape: Pick<ModelShape, "architecture">,
): readonly RuleFault[] {
  const last = Object.entries(vllmFacts.removedArchitectures).find(
    ([architecture]) => architecture === shape.architecture,
  )?.[1];
  if (last === undefined) return [];
  const message = `${model} is a ${shape.architecture}, which ${vllmFacts.name} had up to ${last} and ${vllmFacts.version} refuses; choose another model`;
  return [{ field: "model", message }];
}

function checkpointFaults({
  model,
  precision,
  checkpoints,
}: Pick<FitQuestion, "model" | "precision" | "checkpoints">): readonly RuleFault[] {
  if (checkpoints[precision] !== undefined) return [];
  const known = Object.keys(checkpoints).join(", ");
  const message = `the catalogue knows no checkpoint of ${model} in ${precision}; use ${known}, or describe one as a model of your own`;
  return [{ field: "precision", message }];
}

/** Tensor parallelism gives every GPU the same number of query heads and of key-value heads. */
export function splitFaults(
  model: string,
  shape: Pick<ModelShape, "attentionHeads" | "keyValueHeads">,
  gpus: number,
): readonly RuleFault[] {
  const { attentionHeads, keyValueHeads } = shape;
  if (divides(gpus, shape)) return [];
  const sound = Array.from({ length: 16 }, (_, index) => index + 1).filter((count) =>
    divides(count, shape),
  );
  const message = `${gpus} does not divide the ${attentionHeads} attention heads and ${keyValueHeads} key-value heads of ${model}; use ${oneOf(sound)}`;
  return [{ field: "gpus", message }];
}

function divides(
  gpus: number,
  shape: Pick<ModelShape, "attentionHeads" | "keyValueHeads">,
): boolean {
  return shape.attentionHeads % gpus === 0 && shape.keyValueHeads % gpus === 0;
}

/** `1, 2, 4 or 8`. */
function oneOf(numbers: readonly number[]): string {
  const last = numbers.at(-1) ?? 1;
  const others = numbers.slice(0, -1);
  return others.length === 0 ? String(last) : `${others.join(", ")} or ${last}`;
}

/** Every GPU's part of the feed-forward layer holds whole groups of 4-bit weights. */
export function groupFaults(
  model: string,
  shape: Pick<ModelShape, "intermediateSize">,
  precision: Precision,
  gpus: number,
): readonly RuleFault[] {
  if (precision !== "awq" && precision !== "gptq") return [];
  const { groupSize } = vllmFacts;
  if (shape.intermediateSize % (gpus * groupSize) === 0) return [];
  const message = `${gpus} GPUs cut the ${shape.intermediateSize} columns of ${model} inside a group of ${groupSize} ${precision.toUpperCase()} weights; use fewer GPUs, another precision, or a checkpoint that is padded`;
  return [{ field: "gpus", message }];
}

/** What multiplies or caches in FP8 needs a GPU that can; a checkpoint in FP8 alone does not. */
export function hasFp8(gpu: Pick<GpuFacts, "computeCapability">): boolean {
  return Number(gpu.computeCapability) >= vllmFacts.fp8Capability;
}

/** FP8 in the KV cache. */
export function cacheFaults(
  precision: CachePrecision,
  gpu: Pick<GpuFacts, "product" | "computeCapability">,
): readonly RuleFault[] {
  if (precision !== "fp8" || hasFp8(gpu)) return [];
  return [{ field: "cachePrecision", message: `${withoutFp8("cache", gpu)}; use bf16` }];
}

/**
 * Whether a checkpoint also multiplies in FP8, by its name: compressed-tensors schemes bear these words, while
 * weights in FP8 alone run on any GPU. Source: naming of llm-compressor's recipes, 2026-11; the checkpoints were not opened.
 */
export function computesInFp8(checkpoint: string): boolean {
  return /w8a8[-_.]?fp8|fp8[-_.]?(?:w8a8|dynamic)/i.test(checkpoint);
}

/** FP8 in the multiplication itself (W8A8). */
export function computeFaults(
  computes: boolean,
  gpu: Pick<GpuFacts, "product" | "computeCapability">,
): readonly RuleFault[] {
  if (!computes || hasFp8(gpu)) return [];
  const remedy = "use a checkpoint with FP8 weights alone, int8, or a 4-bit one";
  return [{ field: "precision", message: `${withoutFp8("compute", gpu)}; ${remedy}` }];
}

function withoutFp8(
  verb: "cache" | "compute",
  gpu: Pick<GpuFacts, "product" | "computeCapability">,
): string {
  return `fp8 is refused: ${gpu.product} has compute capability ${gpu.computeCapability}, and ${vllmFacts.name} ${vllmFacts.version} needs ${vllmFacts.fp8Capability} to ${verb} in FP8`;
}

export function contextFaults({
  model,
  shape,
  contextTokens,
}: Pick<FitQuestion, "model" | "shape" | "contextTokens">): readonly RuleFault[] {
  if (contextTokens <= shape.nativeContextTokens) return [];
  const message = `${contextTokens} is longer than the ${shape.nativeContextTokens} tokens ${model} was trained for; lower it`;
  return [{ field: "contextTokens", message }];
}

function loadFaults({
  load,
  contextTokens,
}: Pick<FitQuestion, "load" | "contextTokens">): readonly RuleFault[] {
  const tokens = requestTokens(load);
  return [
    ...(tokens <= contextTokens
      ? []
      : [
          {
            field: "load" as const,
            message: `${load.inputTokens} input and ${load.outputTokens} output tokens are longer than contextTokens ${contextTokens}; lower them or raise it`,
          },
        ]),
    ...(load.concurrency <= concurrentSequences
      ? []
      : [
          {
            field: "load" as const,
            message: `${load.concurrency} requests at once are more than the ${concurrentSequences} that an engine runs; lower it, or add replicas and declare the load of one`,
          },
        ]),
  ];
}

/**
 * A driver that is too old for the engine's CUDA.
 * @param driver version as NVIDIA writes it, such as `595.91.07`; a suffix such as `-ubuntu24.04` is left out
 */
export function driverFault(driver: string): string | undefined {
  const major = Number(/^(\d+)(?:\.\d+)+/.exec(driver)?.[1] ?? Number.NaN);
  const { name, version, cuda, leastDriver } = vllmFacts;
  if (major >= leastDriver) return undefined;
  const needs = `${name} ${version} is built for CUDA ${cuda}, which needs driver ${leastDriver} or newer`;
  return Number.isNaN(major)
    ? `"${driver}" is no driver version such as ${leastDriver}.65.06; ${needs}`
    : `driver ${driver} is too old: ${needs}; upgrade the driver`;
}
