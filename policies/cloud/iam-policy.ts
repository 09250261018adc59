import { type Field, isUnreadable } from "../model/field.ts";
import type { Value } from "../model/value.ts";

/** One statement of a policy document, as far as rules ask. Lists of one may be written as a text. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** Names by type, such as `AWS` or `Service`; "everybody" also for what is written with `NotPrincipal`. */
  readonly principals: ReadonlyMap<string, readonly string[]> | "everybody";
  /** In lower case; "all" also for what is written with `NotAction`. */
  readonly actions: readonly string[] | "all";
  /** "all" also for what is written with `NotResource`. */
  readonly resources: readonly string[] | "all";
  /** Whether the statement says what it means instead of what it does not. */
  readonly positive: boolean;
  readonly conditions: readonly Condition[];
}

/** Operator and key in lower case, as IAM compares them. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** The statements of a document, or why they cannot be read. */
export type PolicyReading =
  | { readonly statements: readonly Statement[] }
  | { readonly fault: string };

export function readPolicy(field: Field): PolicyReading {
  if (isUnreadable(field)) return { fault: "is not known yet, so it cannot be judged" };
  const document = documentOf(field.value);
  if (!isPlain(document)) return { fault: "is no policy document" };
  const statement = document["Statement"];
  const list: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  const read = list.map(readStatement);
  const statements = read.filter((each) => each !== undefined);
  if (statements.length !== read.length || list.length === 0) {
    return { fault: "holds a statement that no rule can read" };
  }
  return { statements };
}

function documentOf(value: Value | undefined): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function readStatement(value: unknown): Statement | undefined {
  if (!isPlain(value)) return undefined;
  const { Effect: effect } = value;
  if (effect !== "Allow" && effect !== "Deny") return undefined;
  const conditions = conditionsOf(value["Condition"]);
  const actions = scopeOf(value["Action"]);
  const resources = scopeOf(value["Resource"]);
  const principals = principalsOf(value["Principal"]);
  if (
    conditions === undefined ||
    actions === undefined ||
    resources === undefined ||
    principals === undefined
  ) {
    return undefined;
  }
  const negative = ["NotAction", "NotResource", "NotPrincipal"].some((key) => key in value);
  return {
    effect,
    principals,
    actions: actions === "all" ? actions : actions.map((each) => each.toLowerCase()),
    resources,
    positive: !negative,
    conditions,
  };
}

/** An absent part is one that a negative element stands for, or the whole. */
function scopeOf(value: unknown): readonly string[] | "all" | undefined {
  if (value === undefined) return "all";
  const list = listOf(value);
  if (list === undefined) return undefined;
  return list.includes("*") ? "all" : list;
}

function principalsOf(value: unknown): Statement["principals"] | undefined {
  if (value === undefined || value === "*") return "everybody";
  if (!isPlain(value)) return undefined;
  const names = new Map<string, readonly string[]>();
  for (const [type, each] of Object.entries(value)) {
    const list = listOf(each);
    if (list === undefined) return undefined;
    if (list.some((name) => name.includes("*"))) return "everybody";
    names.set(type, list);
  }
  return names;
}

function conditionsOf(value: unknown): readonly Condition[] | undefined {
  if (value === undefined) return [];
  if (!isPlain(value)) return undefined;
  const found: Condition[] = [];
  for (const [operator, keys] of Object.entries(value)) {
    if (!isPlain(keys)) return undefined;
    for (const [key, each] of Object.entries(keys)) {
      const values = listOf(each);
      if (values === undefined) return undefined;
      found.push({ operator: operator.toLowerCase(), key: key.toLowerCase(), values });
    }
  }
  return found;
}

function listOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.map((each) =>
    typeof each === "boolean" || typeof each === "number" ? String(each) : each,
  );
  return texts.every((each) => typeof each === "string") ? texts : undefined;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Operators that a request without the key does not meet. */
const equality = new Set(["stringequals", "stringequalsignorecase", "stringlike"]);

/** Whether the statement holds only for requests in which one of the keys has one of its listed values. */
export function isLimitedBy(statement: Statement, keys: readonly string[]): boolean {
  return statement.conditions.some(
    ({ operator, key, values }) =>
      equality.has(operator) &&
      keys.includes(key) &&
      values.length > 0 &&
      // A wildcard names nobody, and a variable names whoever asks.
      values.every((value) => value !== "" && !/[*?]|\$\{/.test(value)),
  );
}
