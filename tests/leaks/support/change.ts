import { isDeepStrictEqual } from "node:util";
import { defaultOptions, type Resource } from "../../../policies/model/resource.ts";
import { at, isObject, type ValueObject } from "../../../policies/model/value.ts";
import type { Edit } from "./edit.ts";

export type Graph = readonly Resource[];
export type Change = (graph: Graph) => Graph;

/** A resource that a change adds; the stack gives it its URN. */
export type Added = Pick<Resource, "type" | "name" | "properties">;

/** Several changes that one commit makes. */
export function all(...changes: readonly Change[]): Change {
  return (graph) => changes.reduce((now, change) => change(now), graph);
}

export function add(...added: readonly Added[]): Change {
  return (graph) => [...graph, ...added.map((each) => ofStack(graph, each))];
}

/**
 * A Kubernetes object.
 * @param place `namespace/name`, or the name of a cluster-scoped object
 */
export function kube(apiVersion: string, kind: string, place: string, body: ValueObject): Added {
  const [name = "", namespace] = place.split("/").toReversed();
  const given = isObject(body["metadata"]) ? body["metadata"] : {};
  const metadata = { ...given, name, ...(namespace === undefined ? {} : { namespace }) };
  return {
    type: `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`,
    name,
    // Pulumi's Patch is in the token alone.
    properties: { ...body, apiVersion, kind: kind.replace(/Patch$/, ""), metadata },
  };
}

/** A resource of AWS by its path in the SDK: `ec2/route`. */
export function aws(path: string, name: string, properties: ValueObject): Added {
  const type = path.replace(/^.*\//, "");
  const className = type.charAt(0).toUpperCase() + type.slice(1);
  return { type: `aws:${path}:${className}`, name, properties };
}

/** Edits the properties of the one resource with this kind and logical name. */
export function edit(kind: string, name: string, ...edits: readonly Edit[]): Change {
  return changeOne(kind, name, (resource) => {
    const properties = edits.reduce<ReturnType<Edit>>(
      (now, change) => change(now),
      resource.properties,
    );
    if (!isObject(properties)) throw new Error(`${kind} ${name} lost its properties`);
    return { ...resource, properties };
  });
}

/** Sets options and dependencies of the one resource with this kind and logical name. */
export function handle(
  kind: string,
  name: string,
  how: Partial<Pick<Resource, "options" | "dependencies">>,
): Change {
  return changeOne(kind, name, (resource) => ({ ...resource, ...how }));
}

export function remove(kind: string, name: string): Change {
  return (graph) => {
    const found = one(graph, kind, name);
    return graph.filter((resource) => resource !== found);
  };
}

/** An image that the stack's own registry mirrors, by digest: nothing is wrong with it. */
export function mirrored(graph: Graph, repository: string): string {
  const engine = one(graph, "Deployment", "llama-3-70b");
  const image = at(engine.properties, "spec", "template", "spec", "containers", 0, "image");
  if (typeof image !== "string") throw new Error("the engine has no image");
  const registry = image.slice(0, image.indexOf("/docker.io/"));
  return `${registry}/${repository}@sha256:${"5e".repeat(32)}`;
}

/** A change that needs images of the stack's own registry. */
export function withImages(make: (image: (repository: string) => string) => Change): Change {
  return (graph) => make((repository) => mirrored(graph, repository))(graph);
}

function changeOne(kind: string, name: string, change: (resource: Resource) => Resource): Change {
  return (graph) => {
    const found = one(graph, kind, name);
    const changed = change(found);
    if (isDeepStrictEqual(found, changed)) throw new Error(`${kind} ${name} stays as it was`);
    return graph.map((resource) => (resource === found ? changed : resource));
  };
}

/** A stack that moved on must break the table loudly, not turn a leak into nothing. */
function one(graph: Graph, kind: string, name: string): Resource {
  const found = graph.filter(
    (resource) => resource.type.endsWith(`:${kind}`) && resource.name === name,
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`the stack holds ${found.length} resources ${kind} ${name}, not one`);
  }
  return only;
}

function ofStack(graph: Graph, { type, name, properties }: Added): Resource {
  const stack = /^urn:pulumi:([^:]+)::/.exec(graph[0]?.urn ?? "")?.[1] ?? "";
  const urn = `urn:pulumi:${stack}::private-llm::${type}::${name}`;
  if (graph.some((resource) => resource.urn === urn)) throw new Error(`${urn} exists already`);
  return { urn, type, name, properties, dependencies: [], options: defaultOptions };
}
