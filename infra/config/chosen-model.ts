import { z } from "zod";
import { compareText } from "../../components/lib/compare-text.ts";
import type { CatalogueModel, ChosenModel } from "../../components/lib/models/catalogue.ts";

/** Models that a stack may name, by name. Undefined: the stack declares it, with faults that are told there. */
export type KnownModels = Readonly<Record<string, CatalogueModel | undefined>>;

/** The name of a model as a schema that gives the model: nothing after parsing looks a name up. */
export function chosenModel(known: KnownModels) {
  const sound = Object.keys(known).filter((id) => known[id] !== undefined);
  const choice = `choose one of ${sound.toSorted(compareText).join(", ")}`;
  return z.string(choice).transform((id, context): ChosenModel => {
    const declared = Object.hasOwn(known, id);
    const model = declared ? known[id] : undefined;
    if (model !== undefined) return { id, ...model };
    const message = declared
      ? `${JSON.stringify(id)} has faults itself; correct it under catalogue`
      : `${JSON.stringify(id)} is unknown; ${choice}`;
    context.issues.push({ code: "custom", message, input: id, continue: false });
    return z.NEVER;
  });
}
