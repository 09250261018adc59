import { isArray, isObject, unknown, type Value, type ValueObject } from "./value.ts";

/**
 * A value together with the place where it was read. Whatever cannot be read (a value that the
 * engine does not know yet, a list where an object belongs) reads as `unknown` and keeps the path of
 * the outermost place that is unreadable, so that no rule can pass over it.
 */
export interface Field {
  /** Dotted path inside the resource; empty for the resource itself. */
  readonly path: string;
  readonly value: Value | undefined;
  /** Why the value cannot be read, where the shape of the object is at fault. */
  readonly malformed?: string;
}

/** What stands in a state file where a secret could not be decrypted. */
export const secretPlaceholder = "[secret]";

export function rootField(body: ValueObject): Field {
  return { path: "", value: body };
}

/** Follows field names; JSON null reads as absent, as the API server reads it. */
export function get(field: Field, ...keys: readonly string[]): Field {
  let here = field;
  for (const key of keys) here = child(here, key);
  return here;
}

function child(field: Field, key: string): Field {
  if (field.value === unknown) return field;
  if (field.value === undefined) return { path: joinPath(field.path, key), value: undefined };
  if (!isObject(field.value)) return malformed(field, "an object");
  return present(joinPath(field.path, key), field.value[key]);
}

/** The elements of a list; an unreadable list is one unreadable element, an absent one has none. */
export function elements(field: Field): readonly Field[] {
  if (field.value === undefined) return [];
  if (field.value === unknown) return [field];
  if (!isArray(field.value)) return [malformed(field, "a list")];
  return field.value.map((value, index) => present(`${field.path}[${index}]`, value));
}

/** The fields of an object with their names; `undefined` where the object is unreadable. */
export function entries(field: Field): readonly (readonly [string, Field])[] | undefined {
  if (field.value === undefined) return [];
  if (!isObject(field.value)) return undefined;
  return Object.keys(field.value).map((key) => [key, child(field, key)]);
}

/** Whether an absent, empty or null value stands here; an unreadable one is not empty. */
export function isEmpty(field: Field): boolean {
  if (field.value === undefined) return true;
  if (isArray(field.value)) return field.value.length === 0;
  return isObject(field.value) && Object.keys(field.value).length === 0;
}

/** The text that stands here; `undefined` for anything else. */
export function textOf(field: Field): string | undefined {
  return typeof field.value === "string" ? field.value : undefined;
}

export function isUnreadable(field: Field): boolean {
  return field.value === unknown || field.value === secretPlaceholder;
}

/** The end of a sentence about an unreadable field. */
export function whyUnreadable(field: Field): string {
  if (field.malformed !== undefined) return field.malformed;
  return field.value === secretPlaceholder
    ? "is an encrypted value, so it cannot be judged"
    : "is not known yet, so it cannot be judged";
}

const plainKey = /^[A-Za-z_$][\w$-]*$/;

export function joinPath(path: string, key: string): string {
  if (!plainKey.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function present(path: string, value: Value | undefined): Field {
  return { path, value: value ?? undefined };
}

function malformed(field: Field, needed: string): Field {
  return {
    path: field.path,
    value: unknown,
    malformed: `is ${shapeOf(field.value)} where ${needed} belongs`,
  };
}

function shapeOf(value: Value | undefined): string {
  if (isArray(value)) return "a list";
  return isObject(value) ? "an object" : `a ${typeof value}`;
}
