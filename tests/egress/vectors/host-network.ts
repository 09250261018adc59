import { denyEgress } from "../support/resources.ts";
import { deployment, egressPolicy, ingressPolicy, pod, toBlock } from "./stack.ts";
import type { FlowTable, Vector } from "./vector.ts";

export const hostNetworkVectors: readonly Vector[] = [
  {
    title: "no policy reaches pods on the network of their node",
    resources: [deployment("shop", "web", { hostNetwork: true }), denyEgress("shop")],
    workload: "shop/Deployment/web",
    isolated: false,
    hostNetwork: true,
    external: ["everything"],
  },
  {
    title: "pods that say they have a network of their own are isolated",
    resources: [deployment("shop", "web", { hostNetwork: false }), denyEgress("shop")],
    workload: "shop/Deployment/web",
    isolated: true,
    hostNetwork: false,
    external: [],
  },
];

const network = { podCidr: "10.244.0.0/16", serviceCidr: "10.96.0.0/16", nodeCidr: "10.10.0.0/16" };

export const hostNetworkTables: readonly FlowTable[] = [
  {
    title: "policies hold nothing back from pods on the network of their node",
    resources: [
      pod("shop", "client", "10.244.0.1"),
      deployment("shop", "server", { hostNetwork: true }),
      ingressPolicy("shop", "deny", []),
    ],
    flows: [["shop/Pod/client", "shop/Deployment/server", "TCP 80", true]],
  },
  {
    title: "a rule for the addresses of nodes reaches the pods that have those addresses",
    resources: [
      pod("shop", "client", "10.244.0.1"),
      deployment("shop", "server", { hostNetwork: true }),
      egressPolicy("shop", "p", [{ to: [toBlock("10.10.0.0/16")], ports: [{ port: 9100 }] }]),
    ],
    options: { network },
    flows: [
      ["shop/Pod/client", "shop/Deployment/server", "TCP 9100", true],
      ["shop/Pod/client", "shop/Deployment/server", "TCP 9101", false],
    ],
  },
  {
    title: "a rule that selects pods on the network of their node may reach them",
    resources: [
      pod("shop", "client", "10.244.0.1"),
      deployment("shop", "server", { hostNetwork: true }),
      egressPolicy("shop", "p", [{ to: [{ podSelector: {} }], ports: [{ port: 9100 }] }]),
    ],
    options: { network },
    flows: [["shop/Pod/client", "shop/Deployment/server", "TCP 9100", true]],
  },
];
