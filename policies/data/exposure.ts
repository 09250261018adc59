/** Types of Service that give no address outside the cluster; a headless Service is of the first too. */
export const innerServiceTypes = ["ClusterIP"] as const;

/** Resources of one API group, as request paths name them; `*` for all of the group. */
export interface GroupResources {
  readonly group: string;
  readonly resources: readonly string[];
}

/** Lets routes of other namespaces name Services of its own one. */
export const referenceGrant = {
  group: "gateway.networking.k8s.io",
  kind: "ReferenceGrant",
} as const;

/** Resources that lead callers from outside to a Service (API references of their projects, 2026-11). */
export const exposingResources: readonly GroupResources[] = [
  { group: "networking.k8s.io", resources: ["ingresses"] },
  { group: "extensions", resources: ["ingresses"] },
  { group: "gateway.networking.k8s.io", resources: ["*"] },
  { group: "gateway.networking.x-k8s.io", resources: ["*"] },
  { group: "configuration.konghq.com", resources: ["tcpingresses", "udpingresses"] },
  { group: "k8s.nginx.org", resources: ["transportservers", "virtualservers"] },
  { group: "projectcontour.io", resources: ["httpproxies"] },
  { group: "route.openshift.io", resources: ["routes"] },
  { group: "traefik.io", resources: ["ingressroutes", "ingressroutetcps", "ingressrouteudps"] },
];
