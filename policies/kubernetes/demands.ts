import { type Field, get, isUnreadable } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { type Subject, unreadable, violation } from "../model/violation.ts";

/** Refuses any value but the listed ones; `undefined` in the list lets the field be absent. */
export function demandOneOf(
  subject: Subject,
  field: Field,
  allowed: readonly (string | boolean | number | undefined)[],
  remedy: string,
): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(subject, field)];
  if (allowed.some((value) => value === field.value)) return [];
  return [violation(subject, field, isNot(field, allowed), remedy)];
}

/** What a pod and one of its containers say together: the container's own setting counts first. */
export function effective(podContext: Field, containerContext: Field, name: string): Field {
  const own = get(containerContext, name);
  if (own.value !== undefined) return own;
  const inherited = get(podContext, name);
  // An absent setting is reported at the container, where it has to be written.
  return inherited.value === undefined ? own : inherited;
}

function isNot(field: Field, allowed: readonly (string | boolean | number | undefined)[]): string {
  const named = allowed
    .filter((value) => value !== undefined)
    .map((value) => JSON.stringify(value));
  const wanted = named.length === 0 ? "absent" : named.join(" or ");
  if (field.value === undefined) return `is absent and must be ${wanted}`;
  const scalar = ["string", "boolean", "number"].includes(typeof field.value);
  return `${scalar ? `is ${JSON.stringify(field.value)}` : "is set"} and must be ${wanted}`;
}
