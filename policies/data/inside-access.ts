/** Subresources of the core group that open a stream to a container or a relay to a port (Kubernetes API, 1.37, 2026-11). */
export const insideConnections = [
  "pods/attach",
  "pods/exec",
  "pods/portforward",
  "pods/proxy",
  "services/proxy",
] as const;

/** ClusterRoles of Kubernetes itself that let nobody into a pod, make one or read a Secret. */
export const harmlessClusterRoles = ["view"] as const;
