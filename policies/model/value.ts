/**
 * A property value as a rule reads it: plain data, plus a mark where the engine does not know the
 * value yet. Rules never see Pulumi's sentinels or proxies; the readers translate them first.
 */
export const unknown: unique symbol = Symbol("unknown");
export type Unknown = typeof unknown;

export type Value = null | boolean | number | string | Unknown | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [key: string]: Value | undefined;
}

export function isObject(value: Value | undefined): value is ValueObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Follows field names and list indexes; an unknown on the way is the answer, since it hides all below it. */
export function at(
  value: Value | undefined,
  ...path: readonly (string | number)[]
): Value | undefined {
  let here = value;
  for (const step of path) {
    if (here === unknown) return unknown;
    if (isArray(here)) here = typeof step === "number" ? here[step] : undefined;
    else if (isObject(here)) here = here[String(step)];
    else return undefined;
  }
  return here;
}
