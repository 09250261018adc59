import { weightsGb } from "../fit/weights.ts";
import type { CatalogueModel, ChosenModel } from "./catalogue.ts";
import type { Precision } from "./precision.ts";

/** Repository that a model is served from in a precision; `undefined`: the catalogue knows none. */
export function checkpointOf(model: CatalogueModel, precision: Precision): string | undefined {
  return precision === "bf16" ? model.repository : model.checkpoints[precision];
}

/** What a replica loads. */
export interface ServedCheckpoint {
  readonly repository: string;
  /** Folder on the volume of weights, without the revision; precisions lie side by side. */
  readonly folder: string;
  /** Size on disk, GB (decimal). */
  readonly weightsGb: number;
}

/** @throws where there is no checkpoint in that precision; the schema of a stack refuses it */
export function servedCheckpoint({
  model,
  precision,
}: {
  readonly model: ChosenModel;
  readonly precision: Precision;
}): ServedCheckpoint {
  const repository = checkpointOf(model, precision);
  if (repository === undefined) throw new Error(`${model.id} has no checkpoint in ${precision}`);
  return {
    repository,
    folder: weightsFolder(model.id, precision),
    weightsGb: weightsGb(model.shape, precision),
  };
}

/** Folder of a model on its volume, without the revision. */
export function weightsFolder(id: string, precision: Precision): string {
  return precision === "bf16" ? id : `${id}-${precision}`;
}
