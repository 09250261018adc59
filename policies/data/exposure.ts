/** Types of Service that give no address outside the cluster; a headless Service is of the first too. */
export const innerServiceTypes = ["ClusterIP"] as const;

/** Resources of one API group, as request paths name them; `*` for all of the group. */
export interface GroupResources {
  readonly group: string;
  readonly resources: readonly string[];
}

/**
 * Resources of an inference namespace that network plugins write themselves, so that of their groups only
 * some may be refused (CRDs of Cilium 1.20, 2026-11).
 */
export const pluginGroups: Readonly<Record<string, readonly string[]>> = {
  "cilium.io": ["ciliumenvoyconfigs", "ciliumlocalredirectpolicies"],
};
