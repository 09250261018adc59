import { secretPlaceholder } from "./field.ts";
import type { Resource } from "./resource.ts";
import { isObject, type Unknown, unknown, type Value, type ValueObject } from "./value.ts";

/** A resource of the graph seen as a Kubernetes object. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** `undefined` for a cluster-scoped object. An absent namespace on a namespaced kind reads "default". */
  readonly namespace: string | Unknown | undefined;
  readonly name: string | Unknown;
  readonly body: ValueObject;
  readonly resource: Resource;
}

const typeToken = /^kubernetes:([^:]+):([A-Za-z0-9]+)$/;

/** Groups of the Kubernetes package that are Pulumi's own components, not objects of the API server. */
const componentGroups = new Set([
  "helm.sh/v3",
  "helm.sh/v4",
  "yaml",
  "yaml/v2",
  "kustomize",
  "kustomize/v2",
]);

/** Cluster-scoped kinds that rules meet; every other kind is taken as namespaced. */
const clusterScoped = new Set([
  "AdminNetworkPolicy",
  "APIService",
  "BaselineAdminNetworkPolicy",
  "CertificateSigningRequest",
  "CiliumClusterwideNetworkPolicy",
  "ClusterIssuer",
  "ClusterNetworkPolicy",
  "ClusterPolicy",
  "ClusterRole",
  "ClusterRoleBinding",
  "CSIDriver",
  "CSINode",
  "CustomResourceDefinition",
  "DeviceClass",
  "FlowSchema",
  "GatewayClass",
  "GlobalNetworkPolicy",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "NodeFeatureRule",
  "NVIDIADriver",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeSnapshotClass",
]);

/** Whether objects of this kind lie in no namespace; a Patch lies where its kind does. */
export function isClusterScoped(kind: string): boolean {
  return clusterScoped.has(kind.replace(/Patch$/, ""));
}

/** Reads a resource as a Kubernetes object; `undefined` for anything that is not one. */
export function kubeObject(resource: Resource): KubeObject | undefined {
  const token = typeToken.exec(resource.type);
  if (!token?.[1] || !token[2] || componentGroups.has(token[1])) return undefined;
  // Pulumi's Patch and List tokens keep their suffix: a `DeploymentPatch` is not a Deployment.
  const kind = token[2];
  const apiVersion = token[1].replace(/^core\//, "");
  const body = resource.properties;
  const namespace = inMetadata(body, "namespace");
  return {
    apiVersion,
    kind,
    namespace: inNoNamespace(apiVersion, kind, namespace) ? undefined : text(namespace, "default"),
    name: text(inMetadata(body, "name"), resource.name),
    body,
    resource,
  };
}

/** A name or namespace; metadata that is there and is no object may hold any. */
function inMetadata(body: ValueObject, field: string): Value | undefined {
  const metadata = body["metadata"];
  if (metadata === undefined || metadata === null) return undefined;
  return isObject(metadata) ? metadata[field] : unknown;
}

/** A custom resource that names its namespace lies in it, even if its kind shares a well-known name. */
function inNoNamespace(apiVersion: string, kind: string, namespace: Value | undefined): boolean {
  const group = apiVersion.split("/", 1)[0] ?? "";
  const custom = group.includes(".") && !group.endsWith(".k8s.io");
  return isClusterScoped(kind) && !(custom && namespace !== undefined && namespace !== null);
}

/** A name that is no text, or that nobody could decrypt, may be any name. */
function text(value: Value | undefined, fallback: string): string | Unknown {
  if (value === undefined || value === null || value === "") return fallback;
  return typeof value === "string" && value !== secretPlaceholder ? value : unknown;
}

/** "Deployment inference/llama", with `(unknown)` where the engine does not know yet. */
export function describe(object: Pick<KubeObject, "kind" | "namespace" | "name">): string {
  const name = show(object.name);
  return object.namespace === undefined
    ? `${object.kind} ${name}`
    : `${object.kind} ${show(object.namespace)}/${name}`;
}

function show(value: string | Unknown): string {
  return value === unknown ? "(unknown)" : value;
}
