/**
 * What memory and speed of a model follow from, as its public `config.json` states it. Counts are plain
 * numbers; parameters are in billions (10^9), as model cards give them.
 */
export interface ModelShape {
  /** `architectures[0]`, by which an engine chooses its code; an engine may have dropped it. */
  readonly architecture: string;
  /** All parameters, embeddings and head included, billions. */
  readonly parametersBillion: number;
  /** Parameters that one token passes: all, or fewer in a mixture of experts, billions. */
  readonly activeParametersBillion: number;
  readonly layers: number;
  readonly hiddenSize: number;
  /** Width of the feed-forward layer (of one expert, in a mixture). */
  readonly intermediateSize: number;
  /** Query heads; the tensor-parallel degree must divide them. */
  readonly attentionHeads: number;
  /** Key-value heads: fewer than query heads under grouped-query attention, and then the cache is smaller. */
  readonly keyValueHeads: number;
  readonly headDimension: number;
  readonly vocabularySize: number;
  /** Whether input embeddings and output head are one matrix. */
  readonly tiedEmbeddings: boolean;
  /** Longest context the model was trained for, tokens. */
  readonly nativeContextTokens: number;
}
