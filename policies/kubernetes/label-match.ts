import { elements, entries, type Field, get, isUnreadable, textOf } from "../model/field.ts";

/**
 * Whether a selector certainly selects something with these labels. What cannot be read selects nothing,
 * and labels that cannot be read are selected by what selects everything.
 */
export function selects(selector: Field, labels: Field): boolean {
  const wanted = entries(get(selector, "matchLabels"));
  return (
    wanted?.every(([key, value]) => isText(value) && labelOf(labels, key) === value.value) ===
      true &&
    elements(get(selector, "matchExpressions")).every((expression) => meets(expression, labels))
  );
}

function meets(expression: Field, labels: Field): boolean {
  const key = textOf(get(expression, "key"));
  const values = elements(get(expression, "values"));
  if (key === undefined || !values.every(isText)) return false;
  const field = get(labels, key);
  if (isUnreadable(field)) return false;
  const held = textOf(field);
  const among = values.some(({ value }) => value === held);
  switch (textOf(get(expression, "operator")) ?? "") {
    case "In":
      return held !== undefined && among;
    case "NotIn":
      return held === undefined || !among;
    case "Exists":
      return held !== undefined;
    case "DoesNotExist":
      return held === undefined;
    default:
      return false;
  }
}

function labelOf(labels: Field, key: string): string | undefined {
  return textOf(get(labels, key));
}

function isText(field: Field): boolean {
  return typeof field.value === "string" && !isUnreadable(field);
}
