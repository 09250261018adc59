import type { CniName } from "../../components/lib/stack/network.ts";

/** What a network plugin does where the specification leaves it a choice. Every verdict rests on one. */
export interface CniProfile {
  readonly name: string;
  /** Versions that the answers were read from. */
  readonly versions: string;
  /** Whether policies are enforced at all. */
  readonly enforces: boolean;
  /** Whether a pod that no policy selects is cut off, so that each needs one. */
  readonly strict: boolean;
  /** Kinds of tier policies that are enforced; a Deny of another kind holds nothing back. */
  readonly tiers: readonly TierKind[];
  /** Whether a range of ports by `endPort` is applied, not only its first port. */
  readonly endPort: boolean;
  /** Whether a rule on IPv6 is applied in a cluster of IPv4, and the reverse. */
  readonly bothFamilies: boolean;
  /** Whether ICMP falls under a default deny. */
  readonly icmpDenied: boolean;
  /** Pods that its policies never reach, in words. */
  readonly uncovered: readonly string[];
  readonly source: string;
}

export type TierKind = "ClusterNetworkPolicy" | "AdminNetworkPolicy" | "BaselineAdminNetworkPolicy";

const allTiers: readonly TierKind[] = [
  "ClusterNetworkPolicy",
  "AdminNetworkPolicy",
  "BaselineAdminNetworkPolicy",
];

const hostNetwork = "pods with hostNetwork";

/** Exactly what the Kubernetes documentation and the network policy API say. */
export const specification: CniProfile = {
  name: "specification",
  versions: "networking.k8s.io/v1, policy.networking.k8s.io v1alpha1 and v1alpha2",
  enforces: true,
  strict: false,
  tiers: allTiers,
  endPort: true,
  bothFamilies: true,
  icmpDenied: false,
  uncovered: [hostNetwork],
  source: "Kubernetes documentation on network policies; network-policy-api, read 2026-11",
};

/**
 * Profiles by the name that a stack file gives. The answers were read in documentation and issues and
 * not measured here: the egress probe is what tries them on a cluster.
 */
const profiles: Readonly<Record<CniName, CniProfile>> = {
  none: {
    ...specification,
    name: "none",
    versions: "any",
    enforces: false,
    tiers: [],
    uncovered: ["every pod"],
    source: "a cluster without a plugin that enforces policies",
  },
  "vpc-cni-strict": {
    ...specification,
    name: "vpc-cni-strict",
    versions: "Amazon VPC CNI from v1.17.1, NETWORK_POLICY_ENFORCING_MODE=strict",
    strict: true,
    tiers: [],
    bothFamilies: false,
    uncovered: [hostNetwork, "pods on Fargate or Windows", "pods without an owner"],
    source: "EKS user guide, aws-network-policy-agent issues 83, 189, 271, 345; read 2026-11",
  },
  cilium: {
    ...specification,
    name: "cilium",
    versions: "1.17 to 1.19, policyEnforcementMode default or always",
    tiers: [],
    icmpDenied: true,
    source: "Cilium documentation; read 2026-11",
  },
  calico: {
    ...specification,
    name: "calico",
    versions: "3.32",
    tiers: ["ClusterNetworkPolicy"],
    icmpDenied: true,
    source: "Calico documentation; network-policy-api list of implementations of 2026-04",
  },
};

/**
 * The profile of a stack. On a local cluster containers are simulated and no packet flows, so that the
 * rules are judged as the specification has them.
 */
export function profileOf(cni: CniName, clusterKind: string | undefined): CniProfile {
  if (cni === "none" && clusterKind === "local") return specification;
  return profiles[cni];
}

export const profileNames: readonly CniName[] = ["none", "vpc-cni-strict", "cilium", "calico"];
