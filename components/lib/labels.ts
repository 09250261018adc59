/** Labels every workload carries; selectors use the first two alone, since the others may change. */
export interface WorkloadLabels {
  readonly "app.kubernetes.io/name": string;
  readonly "app.kubernetes.io/instance": string;
  readonly "app.kubernetes.io/part-of": "private-llm";
  readonly "app.kubernetes.io/managed-by": "pulumi";
}

/**
 * @param name what runs, such as `vllm`
 * @param instance which one, such as `llama-3-70b`
 */
export function workloadLabels(name: string, instance: string): WorkloadLabels {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": instance,
    "app.kubernetes.io/part-of": "private-llm",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** Says which version of it runs; for objects that are replaced with it, and for no selector. */
export function versionLabel(version: string): { readonly "app.kubernetes.io/version": string } {
  return { "app.kubernetes.io/version": version };
}

/** The immutable part, fit for `spec.selector` of a Deployment and for network policies. */
export function selectorLabels(labels: WorkloadLabels): Record<string, string> {
  return {
    "app.kubernetes.io/name": labels["app.kubernetes.io/name"],
    "app.kubernetes.io/instance": labels["app.kubernetes.io/instance"],
  };
}

/** Set by the API server on every namespace and writable by nobody: the only safe way to name one. */
export const namespaceName = "kubernetes.io/metadata.name";
