import { type Field, get, rootField } from "../model/field.ts";
import { onceEach } from "../model/once-each.ts";
import type { Resource } from "../model/resource.ts";
import type { Graph } from "../model/rule.ts";
import { isArray, isObject, unknown, type Value } from "../model/value.ts";

/** A resource of Amazon's provider. */
export interface AwsResource {
  /** Module and class, such as "ec2.LaunchTemplate". */
  readonly kind: string;
  readonly resource: Resource;
}

/** The AWS resources of a graph, and who is who among them. */
export interface Aws {
  readonly all: readonly AwsResource[];
  readonly byUrn: ReadonlyMap<string, AwsResource>;
  /** By what AWS itself calls them, as far as that is known: id and ARN. */
  readonly byName: ReadonlyMap<string, readonly AwsResource[]>;
}

const token = /^aws:(\w+)\/\w+:(\w+)$/;

/** Graphs are read-only, so each is read once for all rules. */
export const awsOf = onceEach((graph: Graph): Aws => {
  const all = graph.resources.flatMap((resource) => {
    const parts = token.exec(resource.type);
    return parts ? [{ kind: `${parts[1]}.${parts[2]}`, resource }] : [];
  });
  const names = all.flatMap((each) =>
    ["id", "arn"].flatMap((key) => {
      const name = each.resource.properties[key];
      return typeof name === "string" && name !== "" ? [[name, each] as const] : [];
    }),
  );
  return {
    all,
    byUrn: new Map(all.map((each) => [each.resource.urn, each])),
    byName: new Map(
      [...Map.groupBy(names, ([name]) => name)].map(([name, each]) => [
        name,
        each.map(([, one]) => one),
      ]),
    ),
  };
});

export function ofKind(aws: Aws, ...kinds: readonly string[]): readonly AwsResource[] {
  return aws.all.filter(({ kind }) => kinds.includes(kind));
}

/**
 * A property of a resource. One that the program does not give, and that the engine reports as unknown
 * because the provider will fill it in, is absent.
 */
export function given({ resource }: AwsResource, name: string, ...below: readonly string[]): Field {
  const field = get(rootField(resource.properties), name);
  if (isFilledIn(resource, field, name)) return { path: name, value: undefined };
  return get(field, ...below);
}

/** Whether an unknown property is one that the program does not give. */
export function isFilledIn(resource: Resource, field: Field, name: string): boolean {
  const sources = resource.propertyDependencies;
  return field.value === unknown && sources !== undefined && !Object.hasOwn(sources, name);
}

/**
 * The resources of the graph that a property's value comes from: by the engine's own record, since
 * ids are unknown before anything exists, and by id or ARN where those stand there.
 */
export function sourcesOf(
  aws: Aws,
  { resource }: AwsResource,
  property: string,
): readonly AwsResource[] {
  const recorded = resource.propertyDependencies?.[property] ?? [];
  const found = new Set(recorded.flatMap((urn) => aws.byUrn.get(urn) ?? []));
  for (const text of texts(resource.properties[property])) {
    for (const named of aws.byName.get(text) ?? []) found.add(named);
  }
  return [...found];
}

/** Whether a property's value comes from a resource of one of these kinds. */
export function comesFrom(
  aws: Aws,
  resource: AwsResource,
  property: string,
  ...kinds: readonly string[]
): boolean {
  return sourcesOf(aws, resource, property).some(({ kind }) => kinds.includes(kind));
}

function texts(value: Value | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (isArray(value)) return value.flatMap(texts);
  return isObject(value) ? Object.values(value).flatMap(texts) : [];
}
