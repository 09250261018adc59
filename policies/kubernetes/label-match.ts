import { type Match, matches, readLabels, readSelector } from "../egress/read/labels.ts";
import { Faults } from "../egress/read/shape.ts";
import { entries, type Field, isUnreadable, textOf } from "../model/field.ts";

/** Whether a selector may select something with these labels; the answer `false` is certain. */
export function maySelect(selector: Field, labels: Field): boolean {
  return match(selector, labels) !== "no";
}

/** Whether a selector certainly selects something with these labels; what cannot be read does not. */
export function selects(selector: Field, labels: Field): boolean {
  return match(selector, labels) === "yes";
}

function match(selector: Field, labels: Field): Match {
  const faults = new Faults();
  const read = readSelector(selector, faults);
  // A selector that cannot be read as a whole may select anything.
  return faults.all.length > 0 ? "maybe" : matches(read, readLabels(labels, new Faults()));
}

/** Labels as a map; `undefined` where one of them cannot be read. */
export function labelsOf(field: Field): ReadonlyMap<string, string> | undefined {
  const read = new Map<string, string>();
  for (const [key, value] of entries(field) ?? [["", field] as const]) {
    const text = textOf(value);
    if (text === undefined || isUnreadable(value)) return undefined;
    read.set(key, text);
  }
  return read;
}
