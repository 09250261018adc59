import type { Value, ValueObject } from "../../../policies/model/value.ts";
import { goodResources, kube } from "../good-graph.ts";
import { added, type Mutant } from "./mutant.ts";

export const policyType = "networking.k8s.io/v1:NetworkPolicy";
export const namespaceOf = (name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

/** One more policy of the inference namespace, with one rule for the engine. */
export function rule(id: string, title: string, egress: readonly Value[], path: string): Mutant {
  const spec = { podSelector: { matchLabels: { app: "llama" } }, policyTypes: ["Egress"], egress };
  const object = "NetworkPolicy inference/more";
  return added(id, title, kube(policyType, "more", "inference", { spec }), object, path);
}

export function ingressRule(
  id: string,
  title: string,
  ingress: readonly Value[],
  path: string,
): Mutant {
  const spec = {
    podSelector: { matchLabels: { app: "llama" } },
    policyTypes: ["Ingress"],
    ingress,
  };
  const object = "NetworkPolicy inference/more";
  return added(id, title, kube(policyType, "more", "inference", { spec }), object, path);
}

export const block = (cidr: string, more: ValueObject = {}) => ({ ipBlock: { cidr, ...more } });
export const https = [{ protocol: "TCP", port: 443 }];
export const without = (name: string) => goodResources.filter((each) => each.name !== name);
export const engineObject = "Deployment inference/llama";

export const acceptAll = kube(
  "policy.networking.k8s.io/v1alpha2:ClusterNetworkPolicy",
  "open",
  undefined,
  {
    spec: {
      tier: "Admin",
      priority: 10,
      subject: { namespaces: {} },
      egress: [{ action: "Accept", to: [{ networks: ["203.0.113.0/24"] }] }],
    },
  },
);
