import type { KubeObject } from "../model/kube-object.ts";

/** API groups that every Kubernetes API server serves itself; any other group is a custom resource. */
const builtInGroups = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "auditregistration.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "extensions",
  "flowcontrol.apiserver.k8s.io",
  "internal.apiserver.k8s.io",
  "meta",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "settings.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);

/** "apps" of `apps/v1`; empty for the core group. */
export function groupOf(object: Pick<KubeObject, "apiVersion">): string {
  const slash = object.apiVersion.indexOf("/");
  return slash < 0 ? "" : object.apiVersion.slice(0, slash);
}

export function isBuiltIn(object: Pick<KubeObject, "apiVersion">): boolean {
  return isBuiltInGroup(groupOf(object));
}

export function isBuiltInGroup(group: string): boolean {
  return builtInGroups.has(group);
}

/** Whether this is the Kubernetes kind of that name, not a custom resource that happens to share it. */
export function isKind(object: KubeObject, kind: string): boolean {
  return object.kind === kind && isBuiltIn(object);
}
