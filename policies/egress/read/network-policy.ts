import { get, isEmpty, isUnreadable, rootField, textOf } from "../../model/field.ts";
import { describe, type KubeObject } from "../../model/kube-object.ts";
import { type Unknown, unknown } from "../../model/value.ts";
import { readSelector, type Selector, selectAll } from "./labels.ts";
import { type Direction, type Rule, readRules } from "./network-policy-rule.ts";
import { checkMetadata, type Fault, Faults } from "./shape.ts";

/** A networking.k8s.io/v1 NetworkPolicy, its defaults filled in. */
export interface NetworkPolicy {
  readonly object: KubeObject;
  /** "NetworkPolicy shop/web", for every reason that names it. */
  readonly title: string;
  readonly namespace: string | Unknown;
  readonly selector: Selector;
  readonly egress: Half;
  readonly ingress: Half;
  readonly faults: readonly Fault[];
}

/** What a policy says of one direction. */
export type Half =
  /** It does not govern this direction. */
  | { readonly kind: "absent" }
  | { readonly kind: "rules"; readonly rules: readonly Rule[] }
  /** It cannot be read, or the API server would refuse it: it holds nothing back and may allow anything. */
  | { readonly kind: "widest"; readonly fault: Fault };

const policyFields = new Set(["apiVersion", "kind", "metadata", "spec", "status"]);
const specFields = new Set(["podSelector", "policyTypes", "ingress", "egress"]);

export function readNetworkPolicy(object: KubeObject): NetworkPolicy {
  const root = rootField(object.body);
  const spec = get(root, "spec");
  // Faults here undo the whole policy, those of a direction only that direction.
  const whole = new Faults();
  const remarks = new Faults();
  whole.object(root, policyFields);
  checkMetadata(root, object.resource.source !== undefined, whole);
  whole.object(spec, specFields);
  if (isEmpty(spec)) whole.add(spec, "is absent or empty");
  const selectorField = get(spec, "podSelector");
  const selector = readSelector(selectorField, whole);
  if (!isUnreadable(spec) && !isEmpty(spec) && selectorField.value === undefined) {
    remarks.add(selectorField, "is absent and taken for every pod; write podSelector: {}");
  }
  const types = readTypes(object, whole, remarks);
  const half = (direction: Direction): { half: Half; faults: readonly Fault[] } => {
    const faults = new Faults();
    const rules = readRules(get(spec, direction.toLowerCase()), direction, faults);
    const fault = whole.all[0] ?? faults.all[0];
    const governed = types.has(direction) || isUnreadable(spec) || whole.all.length > 0;
    if (!governed && faults.all.length === 0) return { half: { kind: "absent" }, faults: [] };
    if (fault !== undefined) return { half: { kind: "widest", fault }, faults: faults.all };
    return { half: { kind: "rules", rules }, faults: [] };
  };
  const [egress, ingress] = [half("Egress"), half("Ingress")];
  return {
    object,
    title: describe(object),
    namespace: object.namespace ?? unknown,
    selector: whole.all.length > 0 ? selectorOrAll(selectorField, selector) : selector,
    egress: egress.half,
    ingress: ingress.half,
    faults: [...whole.all, ...remarks.all, ...egress.faults, ...ingress.faults],
  };
}

/** A selector with a fault of its own may select any pod; a sound one still says whom the rest concerns. */
function selectorOrAll(field: Parameters<typeof readSelector>[0], selector: Selector): Selector {
  const own = new Faults();
  readSelector(field, own);
  return own.all.length > 0 ? selectAll : selector;
}

function readTypes(object: KubeObject, faults: Faults, remarks: Faults): ReadonlySet<Direction> {
  const spec = get(rootField(object.body), "spec");
  const field = get(spec, "policyTypes");
  if (isUnreadable(spec)) return new Set(["Ingress", "Egress"]);
  const listed = faults.list(field);
  if (isUnreadable(field)) return new Set(["Ingress", "Egress"]);
  if (listed.length === 0) {
    return new Set(isEmpty(get(spec, "egress")) ? ["Ingress"] : ["Ingress", "Egress"]);
  }
  const types = new Set<Direction>();
  for (const type of listed) {
    const text = faults.text(type) ?? textOf(type);
    if (text === "Ingress" || text === "Egress") types.add(text);
    else if (text !== undefined) faults.add(type, `"${text}" is neither Ingress nor Egress`);
    else if (type.value === undefined) faults.add(type, "has no value");
  }
  if (listed.length > 2) faults.add(field, "lists more than the two directions");
  for (const direction of ["Ingress", "Egress"] as const) {
    const rules = get(spec, direction.toLowerCase());
    if (types.has(direction) || isEmpty(rules)) continue;
    remarks.add(
      rules,
      `has no effect, since policyTypes leaves out ${direction}; list it or remove the rules`,
    );
  }
  return types;
}
