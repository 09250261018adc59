import { elements, entries, type Field, get, isUnreadable, textOf } from "../model/field.ts";

/**
 * Whether a label selector may select an object with these labels. What cannot be read may hold any value,
 * so it never rules a selection out; the answer `false` is certain.
 */
export function maySelect(selector: Field, labels: Field): boolean {
  const wanted = entries(get(selector, "matchLabels"));
  const given = entries(labels);
  if (isUnreadable(selector) || wanted === undefined || given === undefined) return true;
  const own = new Map(given);
  const named = wanted.every(([name, value]) => mayEqual(own.get(name), [value]));
  return named && elements(get(selector, "matchExpressions")).every((each) => mayHold(each, own));
}

function mayHold(expression: Field, own: ReadonlyMap<string, Field>): boolean {
  const key = textOf(get(expression, "key"));
  if (key === undefined) return true;
  const label = own.get(key);
  const values = elements(get(expression, "values"));
  switch (textOf(get(expression, "operator"))) {
    case "In":
      return mayEqual(label, values);
    case "NotIn":
      return (
        label === undefined || isUnreadable(label) || !values.some((each) => isSame(label, each))
      );
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    case undefined:
    default:
      return true;
  }
}

function mayEqual(label: Field | undefined, values: readonly Field[]): boolean {
  if (label === undefined) return false;
  if (isUnreadable(label)) return true;
  return values.some((value) => isUnreadable(value) || isSame(label, value));
}

function isSame(a: Field, b: Field): boolean {
  return a.value === b.value;
}
