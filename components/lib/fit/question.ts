import type { GpuFacts } from "../gpus.ts";
import type { CachePrecision, Precision } from "../models/precision.ts";
import type { ModelShape } from "../models/shape.ts";

/** What a model is to carry at once. */
export interface Load {
  /** Requests that run at the same time. */
  readonly concurrency: number;
  /** Tokens of a prompt, and of an answer. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Everything that decides whether one replica of a model fits. */
export interface FitQuestion {
  /** Name of the model in messages. */
  readonly model: string;
  readonly shape: ModelShape;
  readonly precision: Precision;
  /** Repositories by precision; what is not there cannot be served. */
  readonly checkpoints: Readonly<Partial<Record<Precision, string>>>;
  readonly cachePrecision: CachePrecision;
  readonly gpu: Pick<GpuFacts, "product" | "memoryGb" | "visibleGib" | "computeCapability">;
  /** Share of a GPU's memory that the engine may take. */
  readonly utilization: number;
  /** GPUs of the replica; the tensor-parallel degree. */
  readonly gpus: number;
  /** GPUs of the largest node; a replica never spans two. */
  readonly gpusPerNode: number;
  /** Longest sequence, prompt and answer together, tokens. */
  readonly contextTokens: number;
  readonly load: Load;
}

/** Tokens of one request, prompt and answer. */
export function requestTokens(load: Load): number {
  return load.inputTokens + load.outputTokens;
}

/** Tokens that the KV cache has to hold: the declared load, and in any case the longest sequence. */
export function neededTokens({ load, contextTokens }: FitQuestion): number {
  return Math.max(load.concurrency * requestTokens(load), contextTokens);
}
