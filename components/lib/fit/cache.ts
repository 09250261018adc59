import type { CachePrecision } from "../models/precision.ts";
import type { ModelShape } from "../models/shape.ts";

/** Bytes of one element of the KV cache. */
const elementBytes: Readonly<Record<CachePrecision, number>> = { bf16: 2, fp8: 1 };

/**
 * Bytes that one token takes in the KV cache, on all GPUs of a replica together. With more GPUs than
 * key-value heads every GPU still holds one, so that the same head is stored several times.
 * Source of the formula: documentation of kaito's memory estimator, 2026-11.
 */
export function cacheBytesPerToken(
  shape: ModelShape,
  precision: CachePrecision,
  gpus: number,
): number {
  const headsPerGpu = Math.ceil(shape.keyValueHeads / gpus);
  const keysAndValues = 2 * shape.layers * headsPerGpu * gpus * shape.headDimension;
  return keysAndValues * elementBytes[precision];
}
