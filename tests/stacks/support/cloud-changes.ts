import type { Resource } from "../../../policies/model/resource.ts";
import { isArray, isObject, type Value, type ValueObject } from "../../../policies/model/value.ts";

/** One hole in a wall. */
export interface Hole {
  readonly rule: string;
  readonly title: string;
  /** Type of the resource, without the provider. */
  readonly type: string;
  /** Its name; absent: every one of the type, one after the other. */
  readonly name?: string;
  readonly path: readonly (string | number)[];
  readonly value: Value | undefined;
}

/** The graph with one hole in each resource that can have it, one graph for each. */
export function torn(resources: readonly Resource[], hole: Hole): readonly (readonly Resource[])[] {
  const token = `aws:${hole.type}`;
  const hit = resources.filter(
    ({ type, name }) => type === token && (hole.name === undefined || name === hole.name),
  );
  return hit.map((resource) =>
    resources.map((each) => {
      if (each !== resource) return each;
      const properties = setAt(resource.properties, hole.path, hole.value);
      if (!isObject(properties)) throw new Error("a resource is an object");
      return { ...resource, properties };
    }),
  );
}

function setAt(
  here: Value | undefined,
  [step, ...rest]: readonly (string | number)[],
  value: Value | undefined,
): Value | undefined {
  if (step === undefined) return value;
  if (isArray(here)) {
    return here.map((each, index) => (index === step ? (setAt(each, rest, value) ?? null) : each));
  }
  const object: ValueObject = isObject(here) ? here : {};
  const inner = setAt(object[step], rest, value);
  const entries: [string, Value | undefined][] = [...Object.entries(object), [String(step), inner]];
  return Object.fromEntries(entries);
}
