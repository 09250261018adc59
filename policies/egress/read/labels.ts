import { entries, type Field, get, isEmpty, isUnreadable } from "../../model/field.ts";
import { type Faults } from "./shape.ts";

/** Labels as far as they are known before anything runs. */
export interface Labels {
  readonly known: ReadonlyMap<string, string>;
  /** Keys that are there with a value that nobody knows yet. */
  readonly present: ReadonlySet<string>;
  /** Whether there may be any further label. */
  readonly open: boolean;
}

export const anyLabels: Labels = { known: new Map(), present: new Set(), open: true };

/** Labels of a metadata field; what cannot be read makes them open or unknown, with a fault. */
export function readLabels(
  field: Field,
  faults: Faults,
  set: {
    readonly known?: Iterable<readonly [string, string]>;
    readonly present?: Iterable<string>;
  } = {},
): Labels {
  const present = new Set(set.present);
  const known = new Map<string, string>();
  let open = false;
  const parts = faults.readable(field) ? entries(field) : undefined;
  if (parts === undefined) open = true;
  for (const [key, value] of parts ?? []) {
    if (present.has(key)) continue;
    const text = value.value === undefined ? "" : faults.text(value);
    if (text === undefined) present.add(key);
    else known.set(key, text);
  }
  // What the API server or a controller sets wins over what an object says.
  for (const [key, value] of set.known ?? []) known.set(key, value);
  return { known, present, open };
}

/** A label selector: every requirement must hold. No requirement selects everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** Two selectors with one key select the same. */
  readonly key: string;
}

interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: ReadonlySet<string>;
}

/** Whether something is selected; "maybe" where an unknown label decides. */
export type Match = "yes" | "no" | "maybe";

export const selectAll: Selector = selectorOf([]);

function selectorOf(requirements: readonly Requirement[]): Selector {
  const key = requirements
    .map((one) => `${one.key} ${one.operator} ${[...one.values].toSorted().join(",")}`)
    .toSorted()
    .join("&");
  return { requirements, key };
}

export function matches({ requirements }: Selector, labels: Labels): Match {
  let match: Match = "yes";
  for (const requirement of requirements) {
    const one = meets(requirement, labels);
    if (one === "no") return "no";
    if (one === "maybe") match = "maybe";
  }
  return match;
}

function meets({ key, operator, values }: Requirement, labels: Labels): Match {
  const value = labels.known.get(key);
  if (value !== undefined) {
    const held = {
      In: values.has(value),
      NotIn: !values.has(value),
      Exists: true,
      DoesNotExist: false,
    };
    return held[operator] ? "yes" : "no";
  }
  if (labels.present.has(key)) {
    const held = { In: "maybe", NotIn: "maybe", Exists: "yes", DoesNotExist: "no" } as const;
    return held[operator];
  }
  if (labels.open) return "maybe";
  // NotIn holds for what has no such label at all.
  return operator === "NotIn" || operator === "DoesNotExist" ? "yes" : "no";
}

const selectorFields = new Set(["matchLabels", "matchExpressions"]);
const expressionFields = new Set(["key", "operator", "values"]);
const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/** A selector as the API server takes it; what it would refuse is a fault. An absent one selects everything. */
export function readSelector(field: Field, faults: Faults): Selector {
  faults.object(field, selectorFields);
  if (isUnreadable(field) || field.value === undefined) return selectAll;
  const byLabel = readMatchLabels(get(field, "matchLabels"), faults);
  const byExpression = faults
    .list(get(field, "matchExpressions"))
    .flatMap((expression) => readExpression(expression, faults));
  return selectorOf([...byLabel, ...byExpression]);
}

function readMatchLabels(field: Field, faults: Faults): readonly Requirement[] {
  if (!faults.readable(field)) return [];
  const parts = entries(field);
  if (parts === undefined) {
    faults.add(field, "is no object of labels");
    return [];
  }
  return parts.flatMap(([key, value]): Requirement[] => {
    checkKey(value, key, faults);
    if (value.value === undefined) faults.add(value, "has no value");
    const text = labelValue(value, faults);
    return text === undefined ? [] : [{ key, operator: "In", values: new Set([text]) }];
  });
}

function readExpression(expression: Field, faults: Faults): readonly Requirement[] {
  faults.object(expression, expressionFields);
  if (isUnreadable(expression)) return [];
  const keyField = get(expression, "key");
  if (isEmpty(keyField)) faults.add(keyField, "is absent");
  const key = faults.text(keyField);
  if (key !== undefined) checkKey(keyField, key, faults);
  const operatorField = get(expression, "operator");
  if (isEmpty(operatorField)) faults.add(operatorField, "is absent");
  const written = faults.text(operatorField);
  const operator = operators.find((known) => known === written);
  if (written !== undefined && operator === undefined) {
    faults.add(operatorField, `"${written}" is none of ${operators.join(", ")}`);
  }
  const valuesField = get(expression, "values");
  const values = faults
    .list(valuesField)
    .map((value) => labelValue(value, faults))
    .filter((value) => value !== undefined);
  if (key === undefined || operator === undefined || isUnreadable(valuesField)) return [];
  const wantsValues = operator === "In" || operator === "NotIn";
  if (wantsValues && isEmpty(valuesField))
    faults.add(valuesField, `is empty, and ${operator} needs values`);
  if (!wantsValues && !isEmpty(valuesField))
    faults.add(valuesField, `is set, and ${operator} takes no values`);
  return [{ key, operator, values: new Set(values) }];
}

const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const prefixPart = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function checkKey(field: Field, key: string, faults: Faults): void {
  const [last = "", prefix, ...more] = key.split("/").toReversed();
  const fits =
    more.length === 0 && namePart.test(last) && (prefix === undefined || prefixPart.test(prefix));
  if (!fits) faults.add(field, `"${key.slice(0, 80)}" is no label key`);
}

function labelValue(field: Field, faults: Faults): string | undefined {
  const text = faults.text(field);
  if (text === undefined || text === "" || namePart.test(text)) return text;
  faults.add(field, `"${text.slice(0, 80)}" is no label value`);
  return undefined;
}
