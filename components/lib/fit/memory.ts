import type { GpuFacts } from "../gpus.ts";

const gib = 2 ** 30;

/** CUDA context, NCCL, activations and CUDA graphs of one GPU, GiB. Source: design assumption, 2026-11; not measured. */
export const overheadGib = 2.5;

/** Weights in memory beside weights on disk. Source: documentation of kaito's memory estimator, 2026-11. */
const loadedWeights = 1.02;

/** Memory of one GPU of a replica, GiB except where the name says GB. */
export interface MemoryTable {
  /** As sold, GB. */
  readonly soldGb: number;
  /** What a program finds. */
  readonly visible: number;
  /** What the engine leaves free by its utilisation. */
  readonly spare: number;
  readonly overhead: number;
  /** For weights and cache: visible without spare and overhead. */
  readonly usable: number;
  /** This GPU's part of the weights. */
  readonly weights: number;
  /** Left for the KV cache; below 0 where not even the weights fit. */
  readonly pool: number;
}

/**
 * How the memory of one GPU is spent.
 * @param weightsGb size of the whole model, GB (decimal)
 * @param gpus GPUs that share it
 * @param utilization share of the memory that the engine may take
 */
export function memoryTable(
  gpu: Pick<GpuFacts, "memoryGb" | "visibleGib">,
  weightsGb: number,
  gpus: number,
  utilization: number,
): MemoryTable {
  const visible = gpu.visibleGib;
  const usable = visible * utilization - overheadGib;
  const weights = (weightsGb * loadedWeights * 1e9) / gib / gpus;
  return {
    soldGb: gpu.memoryGb,
    visible,
    spare: visible * (1 - utilization),
    overhead: overheadGib,
    usable,
    weights,
    pool: usable - weights,
  };
}

/** Whole tokens that the KV cache of a replica holds; 0 where the weights leave no room. */
export function poolTokens(table: MemoryTable, gpus: number, bytesPerToken: number): number {
  return Math.max(0, Math.floor((table.pool * gpus * gib) / bytesPerToken));
}

/** GiB per GPU that are missing until the cache holds so many tokens; 0 where it does. */
export function missingGib(
  table: MemoryTable,
  gpus: number,
  bytesPerToken: number,
  tokens: number,
): number {
  return Math.max(0, (tokens * bytesPerToken) / gib / gpus - table.pool);
}
