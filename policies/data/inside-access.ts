/**
 * Ways into a running pod through the API server, and what RBAC must grant to nobody but break-glass groups
 * in an inference namespace (Kubernetes API reference, 1.37, 2026-11).
 */

/** Subresources that open a stream to a container or a relay to a port. */
export const insideConnections = [
  "pods/attach",
  "pods/exec",
  "pods/portforward",
  "pods/proxy",
  "services/proxy",
] as const;

/** Puts a container into a running pod. */
export const debugContainers = "pods/ephemeralcontainers";

/** Resources of the core group with every verb that reaches into a pod, its secrets or its identity. */
export const insideGrants: Readonly<Record<string, readonly string[]>> = {
  "pods/attach": ["*"],
  "pods/ephemeralcontainers": ["update", "patch"],
  "pods/exec": ["*"],
  "pods/portforward": ["*"],
  "pods/proxy": ["*"],
  secrets: ["get", "list", "watch"],
  "serviceaccounts/token": ["create"],
  "services/proxy": ["*"],
};

/** ClusterRoles of Kubernetes itself that hold none of them. */
export const harmlessClusterRoles = ["view"] as const;
