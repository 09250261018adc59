import { denyEgress } from "../support/resources.ts";
import { deployment, ingressPolicy, pod } from "./stack.ts";
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
];
