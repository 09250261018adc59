import { compareText } from "../../components/lib/compare-text.ts";
import { kubeObject } from "../../policies/model/kube-object.ts";
import {
  isArray,
  isObject,
  unknown,
  type Value,
  type ValueObject,
} from "../../policies/model/value.ts";
import type { RecordedResource } from "../recorder.ts";

/** An object of the API server as a stack wants it. */
export interface PlannedObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** `undefined` for a cluster-scoped object. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** Plain JSON as the API server takes it; random values are still markers. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly urn: string;
  /** Dotted paths of secret values in `body`. */
  readonly secrets: readonly string[];
  /** Protected or retained: not deleted without being asked for. */
  readonly keep: boolean;
  /** Only some fields of an object that must exist already. */
  readonly patch: boolean;
}

/** Values that nobody knows before the engine runs, so that an object cannot be written down. */
export class UnknownValuesError extends Error {
  override readonly name = "UnknownValuesError";
}

const randomPassword = "random:index/randomPassword:RandomPassword";

/** Stands for the value of a random resource until the moment it is applied. */
export function randomMarker(resourceName: string): string {
  return `{{random:${resourceName}}}`;
}

/** Finds markers; group 1 is the name of the random resource. */
export const markerPattern = /\{\{random:([^}]+)\}\}/g;

/** Outputs to record with where objects are wanted: a marker for each random value. */
export function randomOutputs(type: string, name: string): Readonly<Record<string, unknown>> {
  return type === randomPassword ? { result: randomMarker(name) } : {};
}

/**
 * The Kubernetes objects of a stack in the order in which they are applied: definitions, walls, then
 * what runs behind them.
 * @throws UnknownValuesError with the path of every value that is unknown
 */
export function planObjects(resources: readonly RecordedResource[]): PlannedObject[] {
  const gaps: string[] = [];
  const planned = resources.flatMap((resource) => {
    const object = kubeObject(resource);
    if (object === undefined || !resource.custom) return [];
    const { name, namespace } = object;
    gaps.push(...unknownPaths(resource.properties, "").map((path) => `${resource.urn}: ${path}`));
    if (typeof name !== "string" || typeof namespace === "symbol") return [];
    const patch = object.kind.endsWith("Patch");
    const kind = object.kind.replace(/Patch$/, "");
    const { apiVersion } = object;
    return [
      {
        apiVersion,
        kind,
        namespace,
        name,
        body: {
          apiVersion,
          kind,
          ...plain(resource.properties),
          metadata: metadata(resource, name, namespace),
        },
        urn: resource.urn,
        secrets: resource.secrets,
        keep: resource.options.protect || resource.options.retainOnDelete,
        patch,
      },
    ];
  });
  if (gaps.length > 0) {
    throw new UnknownValuesError(
      `these values are known to the engine only; deploy this stack with the Pulumi CLI\n${gaps
        .toSorted()
        .map((gap) => `  ${gap}`)
        .join("\n")}`,
    );
  }
  return planned.toSorted(byOrder);
}

/** Name and namespace are stated even where the program left them to defaults. */
function metadata(resource: RecordedResource, name: string, namespace: string | undefined) {
  const given = resource.properties["metadata"];
  const known = isObject(given) ? plain(given) : {};
  return namespace === undefined ? { ...known, name } : { ...known, name, namespace };
}

/** Kinds by the phase in which they are applied; a kind that is not listed runs last, with workloads' companions. */
const phases = [
  ["CustomResourceDefinition"],
  ["Namespace"],
  // Before what they judge: the policies of before would refuse what a changed stack newly allows.
  ["ResourceQuota", "LimitRange", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  ["NetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"],
  ["StorageClass", "PriorityClass", "RuntimeClass", "CSIDriver"],
  ["Node", "PersistentVolume"],
  ["ServiceAccount", "ClusterRole", "Role"],
  ["ClusterRoleBinding", "RoleBinding"],
  ["Secret", "ConfigMap"],
  ["PersistentVolumeClaim"],
  ["Service", "PodDisruptionBudget"],
  ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"],
];
const phaseOfKind = new Map(phases.flatMap((kinds, phase) => kinds.map((kind) => [kind, phase])));

/** Position of a kind in the order of deployment, from 0. */
export function phaseOf(kind: string): number {
  return phaseOfKind.get(kind) ?? phases.length;
}

function byOrder(a: PlannedObject, b: PlannedObject): number {
  return phaseOf(a.kind) - phaseOf(b.kind) || compareText(identity(a), identity(b));
}

/** `kind namespace/name`, unique within a cluster for one API group. */
export function identity(
  object: Pick<PlannedObject, "apiVersion" | "kind" | "namespace" | "name">,
): string {
  return `${object.kind}.${object.apiVersion} ${object.namespace ?? ""}/${object.name}`;
}

function unknownPaths(value: Value | undefined, path: string): string[] {
  if (value === unknown) return [path];
  if (isArray(value))
    return value.flatMap((item, index) => unknownPaths(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    unknownPaths(item, path === "" ? key : `${path}.${key}`),
  );
}

function plain(value: ValueObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value));
}
