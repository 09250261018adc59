import { z } from "zod";
import { compareText } from "../../components/lib/compare-text.ts";
import type { Catalogue, ChosenModel } from "../../components/lib/models/catalogue.ts";

/** The name of a model as a schema that gives the model: nothing after parsing looks a name up. */
export function chosenModel(known: Catalogue) {
  const choice = `choose one of ${Object.keys(known).toSorted(compareText).join(", ")}`;
  return z.string(choice).transform((id, context): ChosenModel => {
    const model = Object.hasOwn(known, id) ? known[id] : undefined;
    if (model !== undefined) return { id, ...model };
    const message = `${JSON.stringify(id)} is unknown; ${choice}`;
    context.issues.push({ code: "custom", message, input: id, continue: false });
    return z.NEVER;
  });
}
