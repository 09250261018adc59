import { groupOf } from "../../policies/kubernetes/api-groups.ts";

/**
 * Kinds of the Kubernetes API that say nothing of what may run or leave, with the reason; by
 * `group/Kind`. Every other kind that a server serves is read, so that a kind nobody thought of is
 * looked at. Kubernetes 1.37, November 2026.
 */
const unread: Readonly<Record<string, string>> = {
  "/ComponentStatus": "health of the control plane",
  "/Event": "what happened",
  "apps/ControllerRevision": "history of a workload",
  "certificates.k8s.io/CertificateSigningRequest": "a request, valid for minutes",
  "certificates.k8s.io/ClusterTrustBundle": "public certificates",
  "certificates.k8s.io/PodCertificateRequest": "a request, valid for minutes",
  "coordination.k8s.io/Lease": "who leads",
  "coordination.k8s.io/LeaseCandidate": "who would lead",
  "events.k8s.io/Event": "what happened",
  "flowcontrol.apiserver.k8s.io/FlowSchema": "fairness between callers of the API server",
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration":
    "fairness between callers of the API server",
  "internal.apiserver.k8s.io/StorageVersion": "how the API server stores objects",
  "networking.k8s.io/IPAddress": "addresses already handed out to Services",
  "resource.k8s.io/DeviceTaintRule": "where pods may be placed",
  "resource.k8s.io/ResourceSlice": "devices that nodes have",
  "storage.k8s.io/CSINode": "drivers that nodes have",
  "storage.k8s.io/CSIStorageCapacity": "room that is left",
  "storage.k8s.io/VolumeAttachment": "volumes that nodes have",
  "storagemigration.k8s.io/StorageVersionMigration": "how the API server stores objects",
};

/** Groups of numbers, which a server of their own makes up for each question, and which is often away. */
const unreadGroups = new Set([
  "custom.metrics.k8s.io",
  "external.metrics.k8s.io",
  "metrics.k8s.io",
]);

export function isUnreadGroup(apiVersion: string): boolean {
  return unreadGroups.has(groupOf({ apiVersion }));
}

/** Kinds that every server must serve; where one is missing, something keeps it from view. */
export const required: readonly { readonly apiVersion: string; readonly kind: string }[] = [
  ...core("ConfigMap", "Endpoints", "Namespace", "Node", "PersistentVolume", "Pod", "PodTemplate"),
  ...core("PersistentVolumeClaim", "ReplicationController", "Secret", "Service", "ServiceAccount"),
  ...group("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
  ...group("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
  ...group("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
  ...group("apiregistration.k8s.io/v1", "APIService"),
  ...group("apps/v1", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"),
  ...group("batch/v1", "CronJob", "Job"),
  ...group("discovery.k8s.io/v1", "EndpointSlice"),
  ...group("networking.k8s.io/v1", "Ingress", "NetworkPolicy"),
  ...group("rbac.authorization.k8s.io/v1", "ClusterRole", "ClusterRoleBinding"),
  ...group("rbac.authorization.k8s.io/v1", "Role", "RoleBinding"),
  ...group("storage.k8s.io/v1", "StorageClass"),
];

function core(...kinds: readonly string[]) {
  return group("v1", ...kinds);
}

function group(apiVersion: string, ...kinds: readonly string[]) {
  return kinds.map((kind) => ({ apiVersion, kind }));
}

/** `group/Kind`, whatever the version. */
export function kindKey(kind: { readonly apiVersion: string; readonly kind: string }): string {
  return `${groupOf(kind)}/${kind.kind}`;
}

export function isUnread(kind: { readonly apiVersion: string; readonly kind: string }): boolean {
  return Object.hasOwn(unread, kindKey(kind));
}
