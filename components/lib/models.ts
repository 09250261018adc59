/** Models of the catalogue. A later release adds shapes, scores and licences; names stay. */
export type ModelId = "llama-3-70b-instruct" | "llama-3.3-70b-instruct";

export interface ModelFacts {
  /** Repository that the weights are staged from, for the bill of materials; pods never name it. */
  readonly repository: string;
  /** Longest context the model was trained for, tokens. */
  readonly nativeContextTokens: number;
  /** Size of the BF16 weights, GB (decimal). */
  readonly weightsGb: number;
  /** Attention heads and key-value heads; the tensor-parallel degree must divide both. */
  readonly attentionHeads: number;
  readonly keyValueHeads: number;
}

/**
 * Source: the models' public config.json and model cards (shapes, context) and parameter counts at
 * 2 bytes each (weights); 2026-11.
 */
export const modelFacts = {
  "llama-3-70b-instruct": {
    repository: "meta-llama/Meta-Llama-3-70B-Instruct",
    nativeContextTokens: 8_192,
    weightsGb: 141.1,
    attentionHeads: 64,
    keyValueHeads: 8,
  },
  "llama-3.3-70b-instruct": {
    repository: "meta-llama/Llama-3.3-70B-Instruct",
    nativeContextTokens: 131_072,
    weightsGb: 141.1,
    attentionHeads: 64,
    keyValueHeads: 8,
  },
} as const satisfies Record<ModelId, ModelFacts>;
