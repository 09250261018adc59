/** Where a kind of the Kubernetes API keeps its pod template, and how the API server names the kind. */
export interface PodKind {
  /** Empty for the core group. */
  readonly group: string;
  /** Name of the resource in request paths. */
  readonly resource: string;
  /** Field names from the object to its pod template; empty for a Pod, which is its own. */
  readonly path: readonly string[];
}

/** Kubernetes API reference, 1.37 (2026-11): every kind that holds a pod template. */
export const podKinds = {
  Pod: { group: "", resource: "pods", path: [] },
  Deployment: { group: "apps", resource: "deployments", path: ["spec", "template"] },
  ReplicaSet: { group: "apps", resource: "replicasets", path: ["spec", "template"] },
  StatefulSet: { group: "apps", resource: "statefulsets", path: ["spec", "template"] },
  DaemonSet: { group: "apps", resource: "daemonsets", path: ["spec", "template"] },
  Job: { group: "batch", resource: "jobs", path: ["spec", "template"] },
  CronJob: {
    group: "batch",
    resource: "cronjobs",
    path: ["spec", "jobTemplate", "spec", "template"],
  },
  ReplicationController: {
    group: "",
    resource: "replicationcontrollers",
    path: ["spec", "template"],
  },
  PodTemplate: { group: "", resource: "podtemplates", path: ["template"] },
} as const satisfies Readonly<Record<string, PodKind>>;
