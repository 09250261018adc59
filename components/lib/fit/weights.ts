import type { Precision } from "../models/precision.ts";
import type { ModelShape } from "../models/shape.ts";

/**
 * Bytes of one weight of the linear layers. Four bits in groups of 128 weights carry a 16-bit scale and a
 * zero point each: 4.156 bits. Source: arithmetic of the formats, 2026-11; not measured.
 */
const linearBytes: Readonly<Record<Precision, number>> = {
  bf16: 2,
  fp8: 1,
  int8: 1,
  awq: 4.156 / 8,
  gptq: 4.156 / 8,
};

/** Embeddings and output head stay at 16 bits, whatever the layers between are stored in. */
const embeddingBytes = 2;

/** Size of a model's weights on disk, GB (decimal). */
export function weightsGb(shape: ModelShape, precision: Precision): number {
  const matrices = shape.tiedEmbeddings ? 1 : 2;
  const embeddingsBillion = (matrices * shape.vocabularySize * shape.hiddenSize) / 1e9;
  const linearBillion = shape.parametersBillion - embeddingsBillion;
  return embeddingsBillion * embeddingBytes + linearBillion * linearBytes[precision];
}
