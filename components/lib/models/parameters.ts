import type { ModelShape } from "./shape.ts";

/** What the number of parameters follows from. */
export interface CountedShape
  extends Pick<
    ModelShape,
    | "layers"
    | "hiddenSize"
    | "intermediateSize"
    | "attentionHeads"
    | "keyValueHeads"
    | "headDimension"
    | "vocabularySize"
    | "tiedEmbeddings"
  > {
  /** Whether query, key and value projections carry a bias. */
  readonly attentionBias: boolean;
  /** Experts of every feed-forward layer, and how many a token passes. Undefined: a dense model. */
  readonly experts: { readonly count: number; readonly perToken: number } | undefined;
}

/**
 * Parameters of a decoder with gated feed-forward layers and RMS norms, as Llama, Mistral, Mixtral and Qwen2
 * build it, billions. Source: their modelling code in transformers; arithmetic, 2026-11.
 */
export function countParameters(shape: CountedShape): { total: number; active: number } {
  const { layers, hiddenSize, intermediateSize, headDimension, experts } = shape;
  const queries = shape.attentionHeads * headDimension;
  const keysAndValues = 2 * shape.keyValueHeads * headDimension;
  const bias = shape.attentionBias ? queries + keysAndValues : 0;
  const attention = hiddenSize * (2 * queries + keysAndValues) + bias;
  const expert = 3 * hiddenSize * intermediateSize;
  const router = experts === undefined ? 0 : hiddenSize * experts.count;
  const norms = 2 * hiddenSize;
  const embeddings = (shape.tiedEmbeddings ? 1 : 2) * shape.vocabularySize * hiddenSize;
  const outside = embeddings + hiddenSize;
  const withExperts = (passed: number) =>
    (outside + layers * (attention + norms + router + passed * expert)) / 1e9;
  return { total: withExperts(experts?.count ?? 1), active: withExperts(experts?.perToken ?? 1) };
}
