import { elements, entries, type Field, get, isUnreadable, textOf } from "../model/field.ts";

/**
 * Whether a label selector certainly matches labels; an empty one matches everything. What cannot be
 * read matches nothing.
 */
export function certainlyMatches(selector: Field, labels: ReadonlyMap<string, string>): boolean {
  if (isUnreadable(selector)) return false;
  const wanted = entries(get(selector, "matchLabels"));
  if (wanted === undefined) return false;
  return (
    wanted.every(([key, value]) => labels.get(key) === textOf(value)) &&
    elements(get(selector, "matchExpressions")).every((each) => holds(each, labels))
  );
}

function holds(expression: Field, labels: ReadonlyMap<string, string>): boolean {
  const key = textOf(get(expression, "key"));
  if (key === undefined) return false;
  const value = labels.get(key);
  const values = elements(get(expression, "values")).map(textOf);
  if (values.includes(undefined)) return false;
  switch (textOf(get(expression, "operator")) ?? "") {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
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
