import { stringify } from "yaml";
import { graphOf } from "../../policies/model/graph.ts";
import type { KubeObject } from "../../policies/model/kube-object.ts";
import type { Resource } from "../../policies/model/resource.ts";
import { isArray, isObject, type Value } from "../../policies/model/value.ts";

/** What tools that read YAML see where the engine does not know a value yet. */
const placeholder = "unknown";

/** The Kubernetes objects of a graph as documents of YAML; empty where it holds none. */
export function kubeYaml(graph: readonly Resource[]): string {
  return graphOf(graph)
    .objects.map((object) => stringify(document(object), { aliasDuplicateObjects: false }))
    .join("---\n");
}

function document({ apiVersion, kind, namespace, name, body }: KubeObject): unknown {
  const given = plain(body["metadata"]);
  const metadata = {
    ...(typeof given === "object" ? given : {}),
    name: plain(name),
    ...(namespace === undefined ? {} : { namespace: plain(namespace) }),
  };
  // Pulumi's Patch is in the token alone.
  return { ...fields(body), apiVersion, kind: kind.replace(/Patch$/, ""), metadata };
}

function plain(value: Value | undefined): unknown {
  if (typeof value === "symbol") return placeholder;
  if (isArray(value)) return value.map(plain);
  return isObject(value) ? fields(value) : value;
}

function fields(value: Value): Readonly<Record<string, unknown>> {
  if (!isObject(value)) return {};
  const known = Object.entries(value).filter(([, child]) => child !== undefined);
  return Object.fromEntries(known.map(([key, child]) => [key, plain(child)]));
}
