import { kubeObject } from "../../../policies/model/kube-object.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { isArray, isObject, unknown, type Value } from "../../../policies/model/value.ts";
import type { RealStack, RealStacks } from "./stacks.ts";

type Step = string | number;

/** One value of one resource of a real stack that nothing lies below: a scalar, or an empty shape. */
export interface Leaf {
  readonly stack: RealStack;
  readonly resource: Resource;
  readonly steps: readonly Step[];
  /** Namespace and kind, such as `inference/Deployment`; for other resources, their type. */
  readonly kind: string;
  /** Path with list indexes taken out, such as `spec.ports[].port`; variables keep their names. */
  readonly path: string;
}

/** Stacks of real machines first: rules ask less of a cluster whose containers are simulated. */
const order = ["prod", "staging", "staging-cluster", "dev"] as const;

/**
 * The leaves of all stacks, of each kind and path those of one resource: the first that has it. A value
 * that is unknown already is none.
 */
export function distinctLeaves(stacks: RealStacks): readonly Leaf[] {
  const owners = new Map<string, Resource>();
  const found: Leaf[] = [];
  for (const stack of order.map((name) => stacks[name])) {
    for (const resource of stack.graph) {
      const kind = kindOf(resource);
      for (const steps of ends(resource.properties, [])) {
        const path = generalised(resource.properties, steps);
        const owner = owners.get(`${kind} ${path}`) ?? resource;
        owners.set(`${kind} ${path}`, owner);
        if (owner === resource) found.push({ stack, resource, steps, kind, path });
      }
    }
  }
  return found;
}

/** The resource with another value for one leaf. */
export function replaced({ resource, steps }: Leaf, value: Value): Resource {
  const properties = replacedAt(resource.properties, steps, value);
  if (!isObject(properties)) throw new Error("a resource is an object");
  return { ...resource, properties };
}

function kindOf(resource: Resource): string {
  const object = kubeObject(resource);
  if (object === undefined) return resource.type;
  return object.namespace === undefined
    ? object.kind
    : `${String(object.namespace)}/${object.kind}`;
}

function ends(value: Value | undefined, above: readonly Step[]): readonly (readonly Step[])[] {
  if (value === undefined || value === unknown) return [];
  const below = isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (below.length === 0) return above.length === 0 ? [] : [above];
  return below.flatMap(([step, each]) => ends(each, [...above, step]));
}

/** A list of variables is a list of different things, so their names stay. */
function generalised(body: Value, steps: readonly Step[]): string {
  let here: Value | undefined = body;
  let list = "";
  let text = "";
  for (const step of steps) {
    const next: Value | undefined = isArray(here)
      ? here[Number(step)]
      : isObject(here)
        ? here[step]
        : undefined;
    if (typeof step === "number") {
      const name = list === "env" && isObject(next) ? next["name"] : "";
      text += `[${typeof name === "string" ? name : ""}]`;
    } else {
      text += /^[\w$-]+$/.test(step) ? `.${step}` : `["${step}"]`;
      list = step;
    }
    here = next;
  }
  return text.replace(/^\./, "");
}

/** The lists and objects that leaves lie in, from the outside in, one of each kind and path. */
export function hollows(leaves: readonly Leaf[]): readonly Leaf[] {
  const found = new Map<string, Leaf>();
  for (const leaf of leaves) {
    for (const depth of leaf.steps.keys()) {
      const steps = leaf.steps.slice(0, depth);
      const path = generalised(leaf.resource.properties, steps);
      const key = `${leaf.kind} ${path}`;
      if (depth > 0 && !found.has(key)) found.set(key, { ...leaf, steps, path });
    }
  }
  return [...found.values()];
}

/** Whether one place lies in another of the same resource. */
export function liesIn(inner: Leaf, outer: Leaf): boolean {
  return (
    inner.resource === outer.resource &&
    outer.steps.every((step, index) => inner.steps[index] === step)
  );
}

function replacedAt(here: Value, [step, ...rest]: readonly Step[], value: Value): Value {
  if (step === undefined) return value;
  if (isArray(here)) {
    return here.map((each, index) => (index === step ? replacedAt(each, rest, value) : each));
  }
  if (!isObject(here)) throw new Error("a leaf lies below an object or a list");
  const next = here[step];
  if (next === undefined) throw new Error("a leaf exists");
  const copy: Record<string, Value | undefined> = { ...here };
  copy[step] = replacedAt(next, rest, value);
  return copy;
}
