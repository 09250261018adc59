import type { Precision } from "./precision.ts";
import type { ModelShape } from "./shape.ts";
import { type ModelId, modelShapes } from "./shapes.ts";

/** One model, as far as deploying it goes. */
export interface CatalogueModel {
  readonly shape: ModelShape;
  /** Repository of the BF16 checkpoint that weights are staged from; pods never name it. */
  readonly repository: string;
  /** Repositories that hold the model in other precisions. */
  readonly checkpoints: Readonly<Partial<Record<Precision, string>>>;
}

/** Models by the names that stack files use for them. */
export type Catalogue = Readonly<Record<string, CatalogueModel>>;

/** A model that a stack chose, with its name in the catalogue. */
export interface ChosenModel extends CatalogueModel {
  readonly id: string;
}

/** Models that this product knows. A model of one's own comes from the stack file, as the same type. */
export const catalogue: Readonly<Record<ModelId, CatalogueModel>> = {
  "llama-2-70b-chat": {
    shape: modelShapes["llama-2-70b-chat"],
    repository: "meta-llama/Llama-2-70b-chat-hf",
    checkpoints: {},
  },
  "llama-3-8b-instruct": {
    shape: modelShapes["llama-3-8b-instruct"],
    repository: "meta-llama/Meta-Llama-3-8B-Instruct",
    checkpoints: {},
  },
  "llama-3-70b-instruct": {
    shape: modelShapes["llama-3-70b-instruct"],
    repository: "meta-llama/Meta-Llama-3-70B-Instruct",
    checkpoints: {},
  },
  "llama-3.1-8b-instruct": {
    shape: modelShapes["llama-3.1-8b-instruct"],
    repository: "meta-llama/Llama-3.1-8B-Instruct",
    checkpoints: {},
  },
  "llama-3.1-70b-instruct": {
    shape: modelShapes["llama-3.1-70b-instruct"],
    repository: "meta-llama/Llama-3.1-70B-Instruct",
    checkpoints: {},
  },
  "llama-3.3-70b-instruct": {
    shape: modelShapes["llama-3.3-70b-instruct"],
    repository: "meta-llama/Llama-3.3-70B-Instruct",
    checkpoints: {},
  },
  "mistral-7b-instruct": {
    shape: modelShapes["mistral-7b-instruct"],
    repository: "mistralai/Mistral-7B-Instruct-v0.3",
    checkpoints: {},
  },
  "mixtral-8x7b-instruct": {
    shape: modelShapes["mixtral-8x7b-instruct"],
    repository: "mistralai/Mixtral-8x7B-Instruct-v0.1",
    checkpoints: {},
  },
  "qwen1.5-72b-chat": {
    shape: modelShapes["qwen1.5-72b-chat"],
    repository: "Qwen/Qwen1.5-72B-Chat",
    checkpoints: {},
  },
  "qwen2.5-72b-instruct": {
    shape: modelShapes["qwen2.5-72b-instruct"],
    repository: "Qwen/Qwen2.5-72B-Instruct",
    checkpoints: {},
  },
  "yi-34b-chat": {
    shape: modelShapes["yi-34b-chat"],
    repository: "01-ai/Yi-34B-Chat",
    checkpoints: {},
  },
};

/** Size of the BF16 weights, GB (decimal): two bytes per parameter. */
export function bf16WeightsGb(shape: Pick<ModelShape, "parametersBillion">): number {
  return 2 * shape.parametersBillion;
}
