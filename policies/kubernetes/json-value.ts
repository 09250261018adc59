import { type Field, textOf } from "../model/field.ts";

export interface JsonLeaf {
  /** Names and indexes that lead to it; none for a value that is no object. */
  readonly keys: readonly string[];
  /** Its text, at the path of the word that holds the JSON. */
  readonly field: Field;
}

/** Every scalar of a JSON text with its keys; `undefined` where it is no JSON. */
export function jsonLeaves(word: Field): readonly JsonLeaf[] | undefined {
  const text = textOf(word);
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return leaves(parsed, [], word.path);
  } catch {
    return undefined;
  }
}

function leaves(value: unknown, keys: readonly string[], path: string): readonly JsonLeaf[] {
  if (Array.isArray(value)) {
    // All elements of a list stand under the key of the list.
    return value.flatMap((item: unknown) => leaves(item, keys, path));
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...keys, key], path));
  }
  return [{ keys, field: { path, value: String(value) } }];
}
