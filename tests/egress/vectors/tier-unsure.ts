import { unknown } from "../../../policies/model/value.ts";
import { denyEgress } from "../support/resources.ts";
import { deployment } from "./stack.ts";
import { accept10, cluster, network, networks, open443, tcp443, web } from "./tier-stack.ts";
import type { Vector } from "./vector.ts";

/** What nobody can know for certain: an Accept opens all that it may, a Deny holds back what it must. */
export const tierUnsure: readonly Vector[] = [
  {
    title: "a named port opens nothing to networks, which some plugins may see otherwise",
    resources: [
      web,
      denyEgress("shop"),
      cluster("x", [{ ...accept10, protocols: [{ destinationNamedPort: "web" }] }]),
    ],
    workload: "shop/Pod/web",
    isolated: true,
    external: [],
    warnings: ["ClusterNetworkPolicy x spec.egress[0]"],
  },
  {
    title: "a domain name may be any address, as its owner pleases",
    resources: [
      web,
      denyEgress("shop"),
      cluster("n", [
        { action: "Accept", to: [{ domainNames: ["*.example.org"] }], protocols: [tcp443] },
      ]),
    ],
    workload: "shop/Pod/web",
    covers: ["0.0.0.0/0 TCP 443", "::/0 TCP 443"],
    excludes: [],
  },
  {
    title: "nodes are where the cluster's range of nodes is",
    resources: [
      web,
      denyEgress("shop"),
      cluster("n", [{ action: "Accept", to: [{ nodes: {} }], protocols: [tcp443] }]),
    ],
    options: { network },
    workload: "shop/Pod/web",
    covers: ["10.10.0.0/16 TCP 443"],
    excludes: ["203.0.113.0/24 TCP 443", "10.10.0.0/16 TCP 80"],
  },
  {
    title: "nodes may be anywhere where nobody says where they are",
    resources: [
      web,
      denyEgress("shop"),
      cluster("n", [{ action: "Accept", to: [{ nodes: {} }], protocols: [tcp443] }]),
    ],
    workload: "shop/Pod/web",
    covers: ["0.0.0.0/0 TCP 443", "::/0 TCP 443"],
  },
  {
    title: "some nodes denied by their labels are not certainly all",
    resources: [
      web,
      open443,
      cluster("n", [{ action: "Deny", to: [{ nodes: { matchLabels: { gpu: "no" } } }] }]),
    ],
    options: { network },
    workload: "shop/Pod/web",
    covers: ["10.10.0.0/16 TCP 443"],
  },
  {
    title: "a Deny of unknown networks holds nothing back",
    resources: [web, open443, cluster("n", [{ action: "Deny", to: [{ networks: unknown }] }])],
    workload: "shop/Pod/web",
    covers: ["0.0.0.0/0 TCP 443", "::/0 TCP 443"],
    errors: ["ClusterNetworkPolicy n spec.egress[0].to[0].networks"],
  },
  {
    title: "no policy of the admin tier reaches pods on the network of their node",
    resources: [
      deployment("shop", "host", { hostNetwork: true }),
      cluster("d", [{ action: "Deny", to: [networks("0.0.0.0/0", "::/0")] }]),
    ],
    workload: "shop/Deployment/host",
    hostNetwork: true,
    external: ["everything"],
  },
];
