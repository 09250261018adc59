/** Policies of single network plugins, by API group: each can allow what a NetworkPolicy denies (2026-11). */
export const pluginPolicyKinds: Readonly<Record<string, readonly string[]>> = {
  "cilium.io": ["CiliumClusterwideNetworkPolicy", "CiliumNetworkPolicy"],
  "crd.antrea.io": ["ClusterNetworkPolicy", "NetworkPolicy"],
  "crd.projectcalico.org": ["GlobalNetworkPolicy", "NetworkPolicy"],
  "projectcalico.org": ["GlobalNetworkPolicy", "NetworkPolicy"],
};

/** Policies of a tier above NetworkPolicy: each rule accepts, passes on or denies (network-policy-api 0.2.0). */
export const tierPolicyKinds: Readonly<Record<string, readonly string[]>> = {
  "policy.networking.k8s.io": [
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
    "ClusterNetworkPolicy",
  ],
};
