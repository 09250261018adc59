import { joinPath } from "../../policies/model/field.ts";
import type { Resource } from "../../policies/model/resource.ts";
import { isArray, isObject, type Value } from "../../policies/model/value.ts";
import { replaceAt } from "./good-graph.ts";

export type Step = string | number;

/** One subtree or leaf of one resource of a graph. */
export interface Place {
  readonly resource: Resource;
  readonly path: readonly Step[];
  readonly value: Value | undefined;
  /** `Kind/name path`. */
  readonly name: string;
}

/** Every place below the properties of every resource. */
export function placesOf(resources: readonly Resource[]): readonly Place[] {
  return resources.flatMap((resource) =>
    below(resource.properties).map(({ path, value }) => ({
      resource,
      path,
      value,
      name: `${resource.type.split(":").at(-1)}/${resource.name} ${shown(path)}`,
    })),
  );
}

/** The graph with another value at one place. */
export function withValue(
  resources: readonly Resource[],
  { resource, path }: Pick<Place, "resource" | "path">,
  value: Value,
): readonly Resource[] {
  const properties = replaceAt(resource.properties, path, value);
  if (!isObject(properties)) throw new Error("only places inside an object are replaced");
  return resources.map((each) => (each === resource ? { ...each, properties } : each));
}

/** From the outside in. */
function below(
  value: Value | undefined,
  path: readonly Step[] = [],
): readonly { readonly path: readonly Step[]; readonly value: Value | undefined }[] {
  const deeper = isArray(value)
    ? value.flatMap((item, index) => below(item, [...path, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, field]) => below(field, [...path, key]))
      : [];
  return path.length === 0 ? deeper : [{ path, value }, ...deeper];
}

function shown(path: readonly Step[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : joinPath(text, step)),
    "",
  );
}
