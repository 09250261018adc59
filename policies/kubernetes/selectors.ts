import { elements, entries, type Field, get, isEmpty } from "../model/field.ts";

/** Whether a selector selects everything of its kind by being absent or empty in all its parts. */
export function selectsEverything(selector: Field): boolean {
  if (isEmpty(selector)) return true;
  const parts = entries(selector);
  return (
    parts !== undefined && parts.every(([name, part]) => isSelectorPart(name) && isEmpty(part))
  );
}

/**
 * Whether a selector names what it selects: at least one label value, or one label that must exist.
 * `NotIn` and `DoesNotExist` alone leave out some and take the rest, and every namespace carries
 * `kubernetes.io/metadata.name`, so its mere existence names nothing.
 */
export function namesSomething(selector: Field): boolean {
  const labels = entries(get(selector, "matchLabels"));
  if (labels === undefined || labels.length > 0) return labels !== undefined;
  return elements(get(selector, "matchExpressions")).some((expression) => {
    const operator = get(expression, "operator").value;
    const key = get(expression, "key").value;
    return operator === "In" || (operator === "Exists" && key !== "kubernetes.io/metadata.name");
  });
}

function isSelectorPart(name: string): boolean {
  return name === "matchLabels" || name === "matchExpressions";
}
