import { enginePaths } from "../../components/lib/engine-paths.ts";
import { type Field, textOf } from "../model/field.ts";

const allowed: ReadonlySet<string> = new Set(enginePaths);

/** Whether a path is one that may be handed on to an engine. */
export function isEnginePath(field: Field): boolean {
  return allowed.has(textOf(field) ?? "");
}
