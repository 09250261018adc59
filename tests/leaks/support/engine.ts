import { isArray, isObject, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { type Change, edit } from "./change.ts";
import { append, type Edit, within } from "./edit.ts";

/** The one model that every platform stack serves. */
export const model = "llama-3-70b";

/** Edits the pod of the model: metadata and spec. */
export function enginePod(...edits: readonly Edit[]): Change {
  return edit("Deployment", model, within("spec.template", ...edits));
}

/** Edits the container of the engine. */
export function engine(...edits: readonly Edit[]): Change {
  return enginePod(within("spec.containers[0]", ...edits));
}

/** Adds arguments to the command line. */
export function argument(...texts: readonly string[]): Change {
  return engine(append("command", ...texts));
}

/** Gives variables another value, or adds them; `undefined` takes one away. */
export function variables(values: Readonly<Record<string, string | undefined>>): Change {
  return engine(within("env", withVariables(values)));
}

function withVariables(values: Readonly<Record<string, string | undefined>>): Edit {
  return (list) => {
    if (!isArray(list)) throw new Error("the engine has no variables");
    const names = Object.keys(values);
    const kept = list.filter((variable) => !names.includes(nameOf(variable)));
    const given = Object.entries(values).flatMap(([name, value]): ValueObject[] =>
      value === undefined ? [] : [{ name, value }],
    );
    return [...kept, ...given];
  };
}

function nameOf(variable: Value): string {
  const name = isObject(variable) ? variable["name"] : undefined;
  return typeof name === "string" ? name : "";
}
