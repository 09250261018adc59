import type { Resource } from "../../../policies/model/resource.ts";
import { denyEgress, object } from "../support/resources.ts";
import { db, network, selector, service, web } from "./services.ts";
import { egressPolicy, https, pod, toBlock } from "./stack.ts";
import type { Vector } from "./vector.ts";

function outsideSlice(name: string, addresses: readonly string[]): Resource {
  return {
    ...object(
      "discovery.k8s.io/v1:EndpointSlice",
      "bank",
      `${name}-1`,
      {
        addressType: "IPv4",
        endpoints: [{ addresses: [...addresses] }],
        ports: [{ name: "", port: 443, protocol: "TCP" }],
      },
      { "kubernetes.io/service-name": name },
    ),
  };
}

function outsideEndpoints(name: string, address: string): Resource {
  return object("core/v1:Endpoints", "bank", name, {
    subsets: [{ addresses: [{ ip: address }], ports: [{ port: 443, protocol: "TCP" }] }],
  });
}

/** Traffic to the address of a Service may be judged before or after it is sent on; both count. */
const toServices = egressPolicy("shop", "to-services", [
  { to: [toBlock("10.96.0.0/16")], ports: [https] },
]);
const toOutside = egressPolicy("shop", "to-outside", [
  { to: [toBlock("203.0.113.0/24")], ports: [https] },
]);
const portal = service("portal", {
  clusterIP: "10.96.0.10",
  ports: [{ port: 443, targetPort: 443 }],
});

/** Services by their own address, and those that lead to an address outside. */
export const serviceAddressVectors: readonly Vector[] = [
  {
    title: "an EndpointSlice with an address outside is reached by a rule for that address",
    resources: [web, toOutside, portal, outsideSlice("portal", ["203.0.113.7"])],
    options: { network },
    workload: "shop/Pod/web",
    external: ["203.0.113.0/24 TCP 443"],
    peers: ["bank/Service/portal TCP 443"],
  },
  {
    title: "an EndpointSlice with an address outside is reached through the address of its Service",
    resources: [web, toServices, portal, outsideSlice("portal", ["203.0.113.7"])],
    options: { network },
    workload: "shop/Pod/web",
    covers: ["203.0.113.7/32 TCP 443"],
    peers: ["bank/Service/portal TCP 443"],
  },
  {
    title: "Endpoints with an address outside are reached through the address of their Service",
    resources: [web, toServices, portal, outsideEndpoints("portal", "203.0.113.8")],
    options: { network },
    workload: "shop/Pod/web",
    covers: ["203.0.113.8/32 TCP 443"],
    peers: ["bank/Service/portal TCP 443"],
  },
  {
    title: "an address outside is not reached where neither it nor the Service is opened",
    resources: [
      web,
      denyEgress("shop"),
      portal,
      outsideSlice("portal", ["203.0.113.7"]),
      outsideEndpoints("portal", "203.0.113.8"),
    ],
    options: { network },
    workload: "shop/Pod/web",
    external: [],
    noPeers: ["bank/Service/portal"],
  },
  {
    title: "an EndpointSlice of one namespace leads to a pod of another by its address",
    resources: [
      web,
      db,
      egressPolicy("shop", "to-db", [{ to: [toBlock("10.244.0.2/32")], ports: [{ port: 443 }] }]),
      portal,
      outsideSlice("portal", ["10.244.0.2"]),
    ],
    options: { network },
    workload: "shop/Pod/web",
    external: ["10.244.0.2/32 TCP 443"],
    peers: ["bank/Pod/db TCP 443", "bank/Service/portal TCP 443"],
  },
  {
    title: "a rule for the address of a Service reaches the pods behind it",
    resources: [
      web,
      db,
      toServices,
      service("db", {
        selector,
        clusterIP: "10.96.0.12",
        ports: [{ port: 443, targetPort: 5432 }],
      }),
    ],
    options: { network },
    workload: "shop/Pod/web",
    covers: ["10.96.0.0/16 TCP 443"],
    peers: ["bank/Service/db TCP 443"],
  },
  {
    title: "a Service that has no address yet gets one of the cluster's range",
    resources: [
      web,
      db,
      toServices,
      service("db", { selector, ports: [{ port: 443, targetPort: 5432 }] }),
    ],
    options: { network },
    workload: "shop/Pod/web",
    covers: ["10.96.0.0/16 TCP 443"],
    peers: ["bank/Service/db TCP 443"],
  },
  {
    title: "an external address of a Service is taken by its pods, so a rule for it reaches them",
    resources: [
      web,
      pod("bank", "db", "10.244.0.2", [], { app: "db" }),
      toOutside,
      service("hijack", {
        selector,
        clusterIP: "10.96.0.11",
        externalIPs: ["203.0.113.9"],
        ports: [{ port: 443, targetPort: 8443 }],
      }),
    ],
    options: { network },
    workload: "shop/Pod/web",
    covers: ["203.0.113.0/24 TCP 443"],
    peers: ["bank/Service/hijack TCP 443"],
  },
];
