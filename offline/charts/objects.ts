import { parseAllDocuments } from "yaml";
import { typeOf } from "../../policies/model/graph.ts";
import { isClusterScoped } from "../../policies/model/kube-object.ts";
import { defaultOptions } from "../../policies/model/resource.ts";
import { at, isArray, isObject, type Value, type ValueObject } from "../../policies/model/value.ts";
import type { RecordedResource } from "../recorder.ts";
import { apiServerYaml } from "../yaml.ts";

/** What a chart renders to. */
export interface ChartObjects {
  /** What the provider deploys; lists are taken apart as it does. */
  readonly objects: readonly ValueObject[];
  readonly hooks: readonly Hook[];
}

/** An object that Helm alone would make, at some moment of an installation; the provider never does. */
export interface Hook {
  /** Such as "Job upgrade-crds". */
  readonly object: string;
  /** Moments as the chart names them, such as "pre-upgrade". */
  readonly events: string;
}

/** @throws Error where the text is not YAML */
export function objectsOf(rendering: string): ChartObjects {
  const documents = parseAllDocuments(rendering, apiServerYaml).flatMap((document) => {
    const error = document.errors[0];
    if (error !== undefined) throw new Error(`its rendering is not YAML: ${error.message}`);
    const value: Value = document.toJS();
    return isObject(value) ? [value] : [];
  });
  return {
    // As Helm does, by what a document says of itself: items of a list are no hooks.
    objects: documents.filter((document) => hookOf(document) === undefined).flatMap(unfold),
    hooks: documents.map(hookOf).filter((hook) => hook !== undefined),
  };
}

function hookOf(object: ValueObject): Hook | undefined {
  const events = at(object, "metadata", "annotations", "helm.sh/hook");
  if (typeof events !== "string") return undefined;
  const name = text(object, "metadata", "name") ?? "without a name";
  return { object: `${text(object, "kind") ?? "Object"} ${name}`, events };
}

/** Items of a `PodList` may leave out what the list says of all of them. */
function unfold(object: ValueObject): ValueObject[] {
  const { kind, items } = object;
  if (typeof kind !== "string" || !kind.endsWith("List") || !isArray(items)) return [object];
  const { apiVersion } = object;
  const common: ValueObject = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -4) };
  return items.filter(isObject).flatMap((item) => unfold({ ...common, ...item }));
}

/**
 * The objects as resources behind their chart, named as the Kubernetes provider names them.
 * @throws Error where an object has no apiVersion, kind or name
 */
export function chartChildren(
  chart: RecordedResource,
  namespace: string,
  objects: readonly ValueObject[],
): RecordedResource[] {
  const clusterKinds = definedClusterKinds(objects);
  return objects.map((object) => {
    const type = typeOf(object);
    const kind = text(object, "kind");
    const name = text(object, "metadata", "name");
    if (type === undefined || kind === undefined || name === undefined) {
      throw new Error("it renders an object without apiVersion, kind or name");
    }
    const clusterScoped = isClusterScoped(kind) || clusterKinds.has(kind);
    const properties = clusterScoped ? object : withNamespace(object, namespace);
    const within = text(properties, "metadata", "namespace");
    const logical = `${chart.name}:${within === undefined ? "" : `${within}/`}${name}`;
    return {
      urn: chart.urn.replace(/::[^:]+$/, `$${type}::${logical}`),
      type,
      name: logical,
      properties,
      secrets: kind === "Secret" ? ["data", "stringData"].filter((field) => field in object) : [],
      custom: true,
      parent: chart.urn,
      dependencies: chart.dependencies,
      options: defaultOptions,
    };
  });
}

/** Kinds that the chart itself defines as cluster-scoped. */
function definedClusterKinds(objects: readonly ValueObject[]): ReadonlySet<string> {
  return new Set(
    objects
      .filter((object) => object["kind"] === "CustomResourceDefinition")
      .filter((object) => at(object, "spec", "scope") === "Cluster")
      .map((object) => text(object, "spec", "names", "kind"))
      .filter((kind) => kind !== undefined),
  );
}

function withNamespace(object: ValueObject, namespace: string): ValueObject {
  const metadata = object["metadata"];
  if (!isObject(metadata) || typeof metadata["namespace"] === "string") return object;
  return { ...object, metadata: { ...metadata, namespace } };
}

function text(value: Value, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}
