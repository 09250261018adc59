import { namespaceName } from "../lib/labels.ts";

/** The part of `policy.networking.k8s.io/v1alpha2` that is used here. */
export interface ClusterNetworkPolicy {
  readonly apiVersion: "policy.networking.k8s.io/v1alpha2";
  readonly kind: "ClusterNetworkPolicy";
  readonly spec: {
    readonly tier: "Admin";
    readonly priority: number;
    readonly subject: {
      readonly namespaces: { readonly matchLabels: Readonly<Record<string, string>> };
    };
    readonly egress: readonly {
      readonly name: string;
      readonly action: "Pass" | "Deny";
      readonly to: readonly (
        | { readonly namespaces: Readonly<Record<string, never>> }
        | { readonly networks: readonly string[] }
      )[];
    }[];
  };
}

/** Early, so that few policies of the cluster come before it; room is left for those that must. */
const priority = 100;

/**
 * Denies a namespace every way out of the cluster in a tier that its owner cannot write. Pods are passed on
 * to the network policies, which decide as if this were not there. A stack that lets something leave
 * (`policies.allowedEgress`) gets it denied here all the same.
 */
export function adminGuard(namespace: string): ClusterNetworkPolicy["spec"] {
  return {
    tier: "Admin",
    priority,
    subject: { namespaces: { matchLabels: { [namespaceName]: namespace } } },
    egress: [
      { name: "pods", action: "Pass", to: [{ namespaces: {} }] },
      { name: "world", action: "Deny", to: [{ networks: ["0.0.0.0/0", "::/0"] }] },
    ],
  };
}
