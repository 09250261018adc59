import type { ModelShape } from "./shape.ts";

/** Rows of the catalogue. */
export type ModelId =
  | "llama-2-70b-chat"
  | "llama-3-8b-instruct"
  | "llama-3-70b-instruct"
  | "llama-3.1-8b-instruct"
  | "llama-3.1-70b-instruct"
  | "llama-3.3-70b-instruct"
  | "mistral-7b-instruct"
  | "mixtral-8x7b-instruct"
  | "qwen1.5-72b-chat"
  | "qwen2.5-72b-instruct"
  | "yi-34b-chat";

const llama70b = {
  architecture: "LlamaForCausalLM",
  layers: 80,
  hiddenSize: 8_192,
  intermediateSize: 28_672,
  attentionHeads: 64,
  keyValueHeads: 8,
  headDimension: 128,
  tiedEmbeddings: false,
} as const;

const llama3 = {
  ...llama70b,
  parametersBillion: 70.554,
  activeParametersBillion: 70.554,
  vocabularySize: 128_256,
} as const;

/** Widths that Llama 3 8B, Mistral 7B and each expert of Mixtral have in common. */
const width4096 = {
  layers: 32,
  hiddenSize: 4_096,
  intermediateSize: 14_336,
  attentionHeads: 32,
  keyValueHeads: 8,
  headDimension: 128,
  tiedEmbeddings: false,
} as const;

const llama3Small = {
  ...width4096,
  architecture: "LlamaForCausalLM",
  parametersBillion: 8.03,
  activeParametersBillion: 8.03,
  vocabularySize: 128_256,
} as const;

/**
 * Source: the public config.json of each repository of the catalogue, 2026-11. Parameters are what the
 * shape itself counts (see parameters.ts), which agrees with the model cards.
 */
export const modelShapes = {
  "llama-2-70b-chat": {
    ...llama70b,
    parametersBillion: 68.977,
    activeParametersBillion: 68.977,
    vocabularySize: 32_000,
    nativeContextTokens: 4_096,
  },
  "llama-3-8b-instruct": { ...llama3Small, nativeContextTokens: 8_192 },
  "llama-3-70b-instruct": { ...llama3, nativeContextTokens: 8_192 },
  "llama-3.1-8b-instruct": { ...llama3Small, nativeContextTokens: 131_072 },
  "llama-3.1-70b-instruct": { ...llama3, nativeContextTokens: 131_072 },
  "llama-3.3-70b-instruct": { ...llama3, nativeContextTokens: 131_072 },
  "mistral-7b-instruct": {
    ...width4096,
    architecture: "MistralForCausalLM",
    parametersBillion: 7.248,
    activeParametersBillion: 7.248,
    vocabularySize: 32_768,
    nativeContextTokens: 32_768,
  },
  "mixtral-8x7b-instruct": {
    ...width4096,
    architecture: "MixtralForCausalLM",
    parametersBillion: 46.703,
    activeParametersBillion: 12.88,
    vocabularySize: 32_000,
    nativeContextTokens: 32_768,
  },
  "qwen1.5-72b-chat": {
    ...llama70b,
    architecture: "Qwen2ForCausalLM",
    parametersBillion: 72.288,
    activeParametersBillion: 72.288,
    intermediateSize: 24_576,
    // As many as query heads: the cache is eight times that of a grouped model.
    keyValueHeads: 64,
    vocabularySize: 152_064,
    nativeContextTokens: 32_768,
  },
  "qwen2.5-72b-instruct": {
    ...llama70b,
    architecture: "Qwen2ForCausalLM",
    parametersBillion: 72.706,
    activeParametersBillion: 72.706,
    intermediateSize: 29_568,
    vocabularySize: 152_064,
    // 131,072 with a changed rope configuration, which the repository leaves off.
    nativeContextTokens: 32_768,
  },
  "yi-34b-chat": {
    architecture: "LlamaForCausalLM",
    parametersBillion: 34.389,
    activeParametersBillion: 34.389,
    layers: 60,
    hiddenSize: 7_168,
    intermediateSize: 20_480,
    attentionHeads: 56,
    keyValueHeads: 8,
    headDimension: 128,
    vocabularySize: 64_000,
    tiedEmbeddings: false,
    nativeContextTokens: 4_096,
  },
} as const satisfies Record<ModelId, ModelShape>;
