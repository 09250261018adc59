import type { PlannedObject } from "../offline/render/plan.ts";
import { fromBase64, secretEntries, toBase64 } from "./random/markers.ts";

/** Shorter text is no secret worth the name, and cutting it out would make a message unreadable. */
const shortest = 6;

/**
 * Cuts secret values out of text that goes to a person: an API server quotes what it refuses.
 * @returns a function that replaces each value, plain or base64
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const hidden = [...new Set(secrets)]
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [secret, toBase64(secret), JSON.stringify(secret).slice(1, -1)])
    .toSorted((a, b) => b.length - a.length);
  return (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}

/** Every value of a plan that must not be shown. */
export function secretsOf(
  planned: readonly PlannedObject[],
  random: ReadonlyMap<string, string>,
): string[] {
  const marked = planned.flatMap((object) => [
    ...secretEntries(object).map(([, text]) => fromBase64(text)),
    ...object.secrets.flatMap((path) => valueAt(object.body, path)),
  ]);
  return [...random.values(), ...marked];
}

function valueAt(body: Readonly<Record<string, unknown>>, path: string): string[] {
  let here: unknown = body;
  for (const step of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (typeof here !== "object" || here === null) return [];
    here = Reflect.get(here, step);
  }
  return texts(here);
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(texts);
}
