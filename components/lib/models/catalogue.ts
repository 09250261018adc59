import { type Licence, licences } from "./licence.ts";
import type { Precision } from "./precision.ts";
import { type Score, scores } from "./scores.ts";
import type { ModelShape } from "./shape.ts";
import { type ModelId, modelShapes } from "./shapes.ts";

/** One model, as far as deploying it goes. */
export interface CatalogueModel {
  readonly shape: ModelShape;
  /** Repository of the BF16 checkpoint that weights are staged from; pods never name it. */
  readonly repository: string;
  /** Repositories that hold the model in other precisions. */
  readonly checkpoints: Readonly<Partial<Record<QuantisedPrecision, string>>>;
  readonly licence: Licence;
  /** File of the repository that holds the chat template. */
  readonly chatTemplate: ChatTemplateFile;
  /** Parser by which vLLM finds function calls in an answer. Undefined: the model was not trained to call functions. */
  readonly toolParser: string | undefined;
  /** Repository of the model that this one was fine-tuned from: an adapter fits models of the same base alone. */
  readonly base: string | undefined;
  readonly scores: readonly Score[];
}

export type QuantisedPrecision = Exclude<Precision, "bf16">;

export const chatTemplateFiles = ["tokenizer_config.json", "chat_template.jinja"] as const;
export type ChatTemplateFile = (typeof chatTemplateFiles)[number];

/** A model that a stack chose, with its name in the catalogue. */
export interface ChosenModel extends CatalogueModel {
  readonly id: string;
}

function row(
  id: ModelId,
  rest: Omit<CatalogueModel, "shape" | "scores" | "chatTemplate">,
): CatalogueModel {
  return {
    shape: modelShapes[id],
    scores: scores[id],
    chatTemplate: "tokenizer_config.json",
    ...rest,
  };
}

/**
 * Models that this product knows. A model of one's own comes from the stack file, as the same type.
 * Sources, 2026-11:
 * - Quantised checkpoints: their names stand in public code that loads them; none was opened here, so group
 *   size (128 is assumed for 4 bits) and padding are not verified. `npm run lock` reads whether they exist.
 * - Tool parsers: docs/features/tool_calling.md of vllm-project/vllm. It names Llama 3.1 and 3.2 for llama3_json;
 *   that 3.3 answers in the same form is not verified.
 * - Base models and the file of the chat template: model cards, not read again.
 */
export const catalogue: Readonly<Record<ModelId, CatalogueModel>> = {
  "llama-2-70b-chat": row("llama-2-70b-chat", {
    repository: "meta-llama/Llama-2-70b-chat-hf",
    checkpoints: { awq: "TheBloke/Llama-2-70B-Chat-AWQ" },
    licence: licences.llama2,
    toolParser: undefined,
    base: "meta-llama/Llama-2-70b-hf",
  }),
  "llama-3-8b-instruct": row("llama-3-8b-instruct", {
    repository: "meta-llama/Meta-Llama-3-8B-Instruct",
    checkpoints: {
      fp8: "RedHatAI/Meta-Llama-3-8B-Instruct-FP8",
      awq: "casperhansen/llama-3-8b-instruct-awq",
      gptq: "TechxGenus/Meta-Llama-3-8B-Instruct-GPTQ",
    },
    licence: licences.llama3,
    toolParser: undefined,
    base: "meta-llama/Meta-Llama-3-8B",
  }),
  "llama-3-70b-instruct": row("llama-3-70b-instruct", {
    repository: "meta-llama/Meta-Llama-3-70B-Instruct",
    checkpoints: {
      fp8: "RedHatAI/Meta-Llama-3-70B-Instruct-FP8",
      awq: "casperhansen/llama-3-70b-instruct-awq",
      gptq: "TechxGenus/Meta-Llama-3-70B-Instruct-GPTQ",
    },
    licence: licences.llama3,
    toolParser: undefined,
    base: "meta-llama/Meta-Llama-3-70B",
  }),
  "llama-3.1-8b-instruct": row("llama-3.1-8b-instruct", {
    repository: "meta-llama/Llama-3.1-8B-Instruct",
    checkpoints: {
      fp8: "RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8-dynamic",
      int8: "RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w8a8",
      awq: "hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4",
      gptq: "hugging-quants/Meta-Llama-3.1-8B-Instruct-GPTQ-INT4",
    },
    licence: licences.llama31,
    toolParser: "llama3_json",
    base: "meta-llama/Llama-3.1-8B",
  }),
  "llama-3.1-70b-instruct": row("llama-3.1-70b-instruct", {
    repository: "meta-llama/Llama-3.1-70B-Instruct",
    checkpoints: {
      fp8: "RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8-dynamic",
      int8: "RedHatAI/Meta-Llama-3.1-70B-Instruct-quantized.w8a8",
      awq: "hugging-quants/Meta-Llama-3.1-70B-Instruct-AWQ-INT4",
      gptq: "hugging-quants/Meta-Llama-3.1-70B-Instruct-GPTQ-INT4",
    },
    licence: licences.llama31,
    toolParser: "llama3_json",
    base: "meta-llama/Llama-3.1-70B",
  }),
  "llama-3.3-70b-instruct": row("llama-3.3-70b-instruct", {
    repository: "meta-llama/Llama-3.3-70B-Instruct",
    checkpoints: {
      fp8: "RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic",
      int8: "RedHatAI/Llama-3.3-70B-Instruct-quantized.w8a8",
      awq: "casperhansen/llama-3.3-70b-instruct-awq",
    },
    licence: licences.llama33,
    toolParser: "llama3_json",
    base: "meta-llama/Llama-3.1-70B",
  }),
  "mistral-7b-instruct": row("mistral-7b-instruct", {
    repository: "mistralai/Mistral-7B-Instruct-v0.3",
    checkpoints: {
      fp8: "RedHatAI/Mistral-7B-Instruct-v0.3-FP8",
      awq: "solidrust/Mistral-7B-Instruct-v0.3-AWQ",
      gptq: "RedHatAI/Mistral-7B-Instruct-v0.3-GPTQ-4bit",
    },
    licence: licences.apache2,
    toolParser: "mistral",
    base: "mistralai/Mistral-7B-v0.3",
  }),
  "mixtral-8x7b-instruct": row("mixtral-8x7b-instruct", {
    repository: "mistralai/Mixtral-8x7B-Instruct-v0.1",
    checkpoints: {
      fp8: "RedHatAI/Mixtral-8x7B-Instruct-v0.1-FP8",
      awq: "casperhansen/mixtral-instruct-awq",
    },
    licence: licences.apache2,
    toolParser: undefined,
    base: "mistralai/Mixtral-8x7B-v0.1",
  }),
  "qwen1.5-72b-chat": row("qwen1.5-72b-chat", {
    repository: "Qwen/Qwen1.5-72B-Chat",
    checkpoints: { awq: "Qwen/Qwen1.5-72B-Chat-AWQ", gptq: "Qwen/Qwen1.5-72B-Chat-GPTQ-Int4" },
    licence: licences.tongyiQianwen,
    toolParser: undefined,
    base: "Qwen/Qwen1.5-72B",
  }),
  "qwen2.5-72b-instruct": row("qwen2.5-72b-instruct", {
    repository: "Qwen/Qwen2.5-72B-Instruct",
    checkpoints: {
      fp8: "RedHatAI/Qwen2.5-72B-Instruct-FP8-dynamic",
      int8: "RedHatAI/Qwen2.5-72B-Instruct-quantized.w8a8",
      awq: "Qwen/Qwen2.5-72B-Instruct-AWQ",
      gptq: "Qwen/Qwen2.5-72B-Instruct-GPTQ-Int4",
    },
    licence: licences.qwen,
    toolParser: "hermes",
    base: "Qwen/Qwen2.5-72B",
  }),
  "yi-34b-chat": row("yi-34b-chat", {
    repository: "01-ai/Yi-34B-Chat",
    checkpoints: { awq: "01-ai/Yi-34B-Chat-4bits", gptq: "TheBloke/Yi-34B-Chat-GPTQ" },
    licence: licences.apache2,
    toolParser: undefined,
    base: "01-ai/Yi-34B",
  }),
};
