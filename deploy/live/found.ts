import { type KubeObject, kubeObject } from "../../policies/model/kube-object.ts";
import { defaultOptions } from "../../policies/model/resource.ts";
import { at, isArray, isObject, type Value, type ValueObject } from "../../policies/model/value.ts";

/** An object as a cluster holds it. */
export interface Found {
  /** As rules read it; without the server's record of who set which field. */
  readonly object: KubeObject;
  readonly uid: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Everybody who ever set a field of it, each once; whoever reports its status is not among them. */
  readonly managers: readonly string[];
  /** Moment as the server writes it, such as `2026-11-24T06:38:01Z`; empty where it does not. */
  readonly created: string;
  readonly owners: readonly Owner[];
}

/** An entry of `metadata.ownerReferences`. */
export interface Owner {
  readonly uid: string;
  readonly kind: string;
  readonly name: string;
  /** Whether the owner steers the object, rather than only taking it along when it is deleted. */
  readonly controller: boolean;
}

/** @returns `undefined` for something that is no object of the Kubernetes API */
export function foundObject(
  item: ValueObject,
  apiVersion: string,
  kind: string,
): Found | undefined {
  const metadata = at(item, "metadata");
  const name = text(at(metadata, "name"));
  const namespace = text(at(metadata, "namespace")) || undefined;
  // Items of a list leave out what the list says of all of them.
  const properties = { ...item, apiVersion, kind, metadata: withoutManagers(metadata) };
  const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const type = `kubernetes:${group}:${kind}`;
  const object = kubeObject({
    urn: `urn:live:::${type}::${namespace === undefined ? "" : `${namespace}/`}${name}`,
    type,
    name,
    properties,
    dependencies: [],
    options: defaultOptions,
  });
  if (object === undefined) return undefined;
  return {
    object,
    uid: text(at(metadata, "uid")),
    namespace,
    name,
    managers: managersOf(at(metadata, "managedFields")),
    created: text(at(metadata, "creationTimestamp")),
    owners: ownersOf(at(metadata, "ownerReferences")),
  };
}

function withoutManagers(metadata: Value | undefined): ValueObject {
  if (!isObject(metadata)) return {};
  const { managedFields: _, ...rest } = metadata;
  return rest;
}

function ownersOf(references: Value | undefined): readonly Owner[] {
  return (isArray(references) ? references : []).map((reference) => ({
    uid: text(at(reference, "uid")),
    kind: text(at(reference, "kind")),
    name: text(at(reference, "name")),
    controller: at(reference, "controller") === true,
  }));
}

function managersOf(entries: Value | undefined): readonly string[] {
  const names = (isArray(entries) ? entries : [])
    .filter((entry) => at(entry, "subresource") !== "status")
    .map((entry) => text(at(entry, "manager")));
  return [...new Set(names)].filter((name) => name !== "");
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
