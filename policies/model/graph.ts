import { type KubeObject, kubeObject } from "./kube-object.ts";
import type { Resource } from "./resource.ts";
import type { Graph } from "./rule.ts";
import { at, isArray, isObject, type Value, type ValueObject } from "./value.ts";

/** The graph that rules read: lists (`v1/List`, `PodList`, …) are taken apart into their objects. */
export function graphOf(resources: readonly Resource[]): Graph {
  const expanded = resources.flatMap(expandList);
  return {
    resources: expanded,
    objects: expanded.map(kubeObject).filter((object) => object !== undefined),
  };
}

/** The Kubernetes objects in one resource: none, itself, or the items of a list. */
export function objectsIn(resource: Resource): readonly KubeObject[] {
  return graphOf([resource]).objects;
}

const listToken = /^kubernetes:([^:]+):([A-Za-z0-9]*)List$/;

/** A list that holds anything unreadable stays in the graph beside its readable items; C01 refuses it. */
function expandList(resource: Resource): readonly Resource[] {
  const token = listToken.exec(resource.type);
  const items = at(resource.properties, "items");
  if (!token || !isArray(items)) return [resource];
  const itemType = token[2] ? `kubernetes:${token[1]}:${token[2]}` : undefined;
  const read = items.flatMap((item, index) => {
    // What an item says of itself is what the API server makes of it.
    const type = typeOf(item) ?? itemType;
    if (!isObject(item) || type === undefined) return [];
    return [listItem(resource, item, type, index)];
  });
  const kept = read.length === items.length ? [] : [resource];
  return [...kept, ...read.flatMap(expandList)];
}

function listItem(list: Resource, item: ValueObject, type: string, index: number): Resource {
  const within = list.within === undefined ? "" : `${list.within}.`;
  const name = `${list.name}-${index}`;
  return { ...list, type, name, properties: item, within: `${within}items[${index}]` };
}

/** Type token of an object that states its apiVersion and kind; `undefined` where it does not. */
export function typeOf(object: Value): string | undefined {
  const apiVersion = at(object, "apiVersion");
  const kind = at(object, "kind");
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  if (!/^[\w./-]+$/.test(apiVersion) || !/^[A-Za-z0-9]+$/.test(kind)) return undefined;
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}
