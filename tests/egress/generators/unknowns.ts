import * as fc from "fast-check";
import { secretPlaceholder } from "../../../policies/model/field.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { isArray, isObject, unknown, type Value } from "../../../policies/model/value.ts";
import { replaceAt } from "../../policies/good-graph.ts";
import type { Universe } from "../oracle/kubernetes.ts";
import { universeResources } from "../support/resources.ts";
import { plainUniverse, servedUniverse, tieredUniverse } from "./universe.ts";

type Step = string | number;

/** A universe, and its objects with one or two values replaced by something that nobody can read. */
export interface Obscured {
  readonly universe: Universe;
  readonly resources: readonly Resource[];
  /** Where the replaced values stood. */
  readonly places: readonly string[];
}

const anyNumber = fc.noBias(fc.nat());

const choices = fc.array(
  fc.record({
    object: anyNumber,
    place: anyNumber,
    value: fc.constantFrom<Value>(unknown, unknown, secretPlaceholder),
  }),
  { minLength: 1, maxLength: 2 },
);

export const obscured: fc.Arbitrary<Obscured> = fc
  .tuple(fc.oneof(plainUniverse, tieredUniverse, servedUniverse), choices)
  .map(([universe, drawn]) => {
    const places: string[] = [];
    const resources = [...universeResources(universe)];
    for (const { object, place, value } of drawn) {
      const index = object % resources.length;
      const resource = resources[index];
      if (resource === undefined) continue;
      const all = placesIn(resource.properties).filter((path) => !isIdentity(resource, path));
      const path = all[place % all.length];
      if (path === undefined) continue;
      places.push(`${resource.name} ${path.join(".")}`);
      resources[index] = withValue(resource, path, value);
    }
    return { universe, resources, places };
  });

/** Pods and Services without a name cannot be asked for by their names. */
function isIdentity(resource: Resource, path: readonly Step[]): boolean {
  if (!/:(?:Pod|Service)$/.test(resource.type) || path[0] !== "metadata") return false;
  return path.length === 1 || path[1] === "name" || path[1] === "namespace";
}

/** Every value below an object, the structures as well as the leaves. */
function placesIn(value: Value | undefined, path: readonly Step[] = []): (readonly Step[])[] {
  const below = isArray(value)
    ? value.flatMap((item, index) => placesIn(item, [...path, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, field]) => placesIn(field, [...path, key]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}

function withValue(resource: Resource, path: readonly Step[], value: Value): Resource {
  const properties = replaceAt(resource.properties, path, value);
  if (!isObject(properties)) throw new Error("only places inside an object are replaced");
  return { ...resource, properties };
}
