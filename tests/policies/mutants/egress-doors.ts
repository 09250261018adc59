import type { ValueObject } from "../../../policies/model/value.ts";
import { goodResources, kube } from "../good-graph.ts";
import { block, engineObject, ingressRule, namespaceOf } from "./egress-objects.ts";
import { added, type Mutant } from "./mutant.ts";

export const callers: readonly Mutant[] = [
  ingressRule("E12", "everybody", [{}], "spec.ingress[0]"),
  ingressRule(
    "E12",
    "every pod of the namespace",
    [{ from: [{ podSelector: {} }], ports: [{ port: 8000 }] }],
    "spec.ingress[0].from[0]",
  ),
  ingressRule(
    "E12",
    "another namespace",
    [{ from: [namespaceOf("shop")], ports: [{ port: 8000 }] }],
    "spec.ingress[0].from[0]",
  ),
  ingressRule(
    "E12",
    "callers by address",
    [{ from: [block("10.20.0.0/16")], ports: [{ port: 8000 }] }],
    "spec.ingress[0].from[0]",
  ),
  ingressRule(
    "E12",
    "the gateway on every port",
    [{ from: [namespaceOf("gateway")] }],
    "spec.ingress[0].ports",
  ),
  {
    rule: "E12",
    title: "no default deny for ingress, and no policy that selects the engine",
    resources: goodResources.filter(
      (each) => each.name !== "default-deny" && each.name !== "from-gateway",
    ),
    object: engineObject,
    path: "metadata.name",
  },
];

const service = (spec: ValueObject) => kube("core/v1:Service", "out", "inference", { spec });
const manual = service({ ports: [{ port: 443 }] });

export const outside: readonly Mutant[] = [
  added(
    "E13",
    "an alias of a name outside",
    service({ type: "ExternalName", externalName: "api.example.com" }),
    "Service inference/out",
    "spec.externalName",
  ),
  added(
    "E13",
    "an address that the Service takes over",
    service({ selector: { app: "llama" }, externalIPs: ["203.0.113.9"] }),
    "Service inference/out",
    "spec.externalIPs[0]",
  ),
  {
    rule: "E13",
    title: "endpoints that somebody wrote",
    resources: [
      ...goodResources,
      manual,
      kube("core/v1:Endpoints", "out", "inference", {
        subsets: [{ addresses: [{ ip: "203.0.113.9" }], ports: [{ port: 443 }] }],
      }),
    ],
    object: "Endpoints inference/out",
    path: "subsets[0].addresses[0].ip",
  },
  {
    rule: "E13",
    title: "a slice of endpoints beside those of a Service that selects pods",
    resources: [
      ...goodResources,
      kube("discovery.k8s.io/v1:EndpointSlice", "llama-more", "inference", {
        metadata: {
          name: "llama-more",
          namespace: "inference",
          labels: { "kubernetes.io/service-name": "llama" },
        },
        addressType: "IPv4",
        endpoints: [{ addresses: ["203.0.113.9"] }],
        ports: [{ port: 443 }],
      }),
    ],
    object: "EndpointSlice inference/llama-more",
    path: "endpoints[0].addresses[0]",
  },
  {
    rule: "E13",
    title: "an outside slice that claims to be the cluster's own",
    resources: [
      ...goodResources,
      kube("discovery.k8s.io/v1:EndpointSlice", "llama-own", "inference", {
        metadata: {
          name: "llama-own",
          namespace: "inference",
          labels: {
            "kubernetes.io/service-name": "llama",
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          },
        },
        addressType: "IPv4",
        endpoints: [{ addresses: ["203.0.113.9"] }],
        ports: [{ port: 443 }],
      }),
    ],
    object: "EndpointSlice inference/llama-own",
    path: "endpoints[0].addresses[0]",
  },
];

export const tiers: readonly Mutant[] = [
  added(
    "E16",
    "a policy of Calico",
    kube("projectcalico.org/v3:GlobalNetworkPolicy", "open", undefined, { spec: {} }),
    "GlobalNetworkPolicy open",
    "kind",
  ),
  added(
    "E16",
    "a policy of Cilium in the namespace",
    kube("cilium.io/v2:CiliumNetworkPolicy", "open", "inference", { spec: {} }),
    "CiliumNetworkPolicy inference/open",
    "kind",
  ),
  added(
    "E16",
    "a kind of policy that nobody knows",
    kube("net.example.com/v1:TeamNetworkPolicy", "open", "inference", { spec: {} }),
    "TeamNetworkPolicy inference/open",
    "kind",
  ),
];

export const startOrder: readonly Mutant[] = [
  {
    rule: "E17",
    title: "a workload that waits for nothing",
    resources: goodResources.map((each) =>
      each.name === "llama" && each.type.endsWith(":Deployment")
        ? { ...each, dependencies: [] }
        : each,
    ),
    object: engineObject,
    path: "metadata.name",
  },
];
