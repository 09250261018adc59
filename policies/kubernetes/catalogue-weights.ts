import { catalogue } from "../../components/lib/models/catalogue.ts";
import { weightsFolder } from "../../components/lib/models/checkpoint.ts";
import type { Precision } from "../../components/lib/models/precision.ts";
import type { ModelShape } from "../../components/lib/models/shape.ts";
import { precisionSchema } from "../../components/lib/stack/serving.ts";

/** Weights of a model of the catalogue, by the name that its folder bears. */
export interface CatalogueWeights {
  readonly id: string;
  readonly shape: ModelShape;
  readonly precision: Precision;
}

const byFolder: ReadonlyMap<string, CatalogueWeights> = new Map(
  Object.entries(catalogue).flatMap(([id, { shape }]) =>
    precisionSchema.options.map((precision) => [
      weightsFolder(id, precision),
      { id, shape, precision },
    ]),
  ),
);

/** What a step of a path holds, such as `llama-3-70b-instruct-awq`. */
export function catalogueWeights(step: string): CatalogueWeights | undefined {
  return byFolder.get(step.toLowerCase());
}
