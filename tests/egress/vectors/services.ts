import type { Resource } from "../../../policies/model/resource.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import { denyEgress, object } from "../support/resources.ts";
import { byName, egressPolicy, ingressPolicy, pod } from "./stack.ts";
import type { Vector } from "./vector.ts";

export const network = {
  podCidr: "10.244.0.0/16",
  serviceCidr: "10.96.0.0/16",
  nodeCidr: "10.10.0.0/16",
};

export const web = pod("shop", "web", "10.244.0.1");
export const db = pod("bank", "db", "10.244.0.2", [{ name: "pg", containerPort: 5432 }]);

export function service(name: string, spec: ValueObject, namespace = "bank"): Resource {
  return object("core/v1:Service", namespace, name, { spec });
}

const toDb = egressPolicy("shop", "to-db", [
  {
    to: [{ namespaceSelector: byName("bank"), podSelector: { matchLabels: { app: "db" } } }],
    ports: [{ port: 5432 }],
  },
]);
export const selector = { app: "db" };

export const serviceVectors: readonly Vector[] = [
  {
    title: "a Service is reached where its pods are, on its own port",
    resources: [
      web,
      db,
      toDb,
      service("db", { selector, ports: [{ port: 80, targetPort: 5432 }] }),
    ],
    workload: "shop/Pod/web",
    external: [],
    peers: ["bank/Pod/db TCP 5432", "bank/Service/db TCP 80"],
  },
  {
    title: "a Service with a named target is reached on the port of that name",
    resources: [
      web,
      db,
      toDb,
      service("db", { selector, ports: [{ port: 80, targetPort: "pg" }] }),
    ],
    workload: "shop/Pod/web",
    external: [],
    peers: ["bank/Pod/db TCP 5432", "bank/Service/db TCP 80"],
  },
  {
    title: "a Service whose target is another port is not reached",
    resources: [
      web,
      db,
      toDb,
      service("db", { selector, ports: [{ port: 5432, targetPort: 9090 }] }),
    ],
    workload: "shop/Pod/web",
    external: [],
    peers: ["bank/Pod/db TCP 5432"],
    noPeers: ["bank/Service/db"],
  },
  {
    title: "a Service without a target port sends to its own port",
    resources: [web, db, toDb, service("db", { selector, ports: [{ port: 5432 }] })],
    workload: "shop/Pod/web",
    external: [],
    peers: ["bank/Service/db TCP 5432"],
  },
  {
    title: "a headless Service leads to the pods themselves",
    resources: [
      web,
      db,
      toDb,
      service("db", { selector, clusterIP: "None", ports: [{ port: 5432 }] }),
    ],
    workload: "shop/Pod/web",
    external: [],
    peers: ["bank/Pod/db TCP 5432", "bank/Service/db TCP 5432"],
  },
  {
    title: "a Service of pods that take nothing in is not reached",
    resources: [
      web,
      db,
      toDb,
      ingressPolicy("bank", "deny", []),
      service("db", { selector, ports: [{ port: 80, targetPort: 5432 }] }),
    ],
    workload: "shop/Pod/web",
    external: [],
    noPeers: ["bank/Pod/db", "bank/Service/db"],
  },
  {
    title: "a Service selects pods of its own namespace alone",
    resources: [
      web,
      db,
      toDb,
      service("db", { selector, ports: [{ port: 80, targetPort: 5432 }] }, "vault"),
    ],
    workload: "shop/Pod/web",
    external: [],
    noPeers: ["vault/Service/db"],
  },
  {
    title: "an ExternalName opens nothing by itself",
    resources: [
      web,
      denyEgress("shop"),
      service("out", { type: "ExternalName", externalName: "example.org" }, "shop"),
    ],
    workload: "shop/Pod/web",
    isolated: true,
    external: [],
    noPeers: ["shop/Service/out"],
  },
  {
    title: "a Service of unknown selector may lead to any pod of its namespace",
    resources: [
      web,
      db,
      toDb,
      service("db", { selector: { app: "[secret]" }, ports: [{ port: 80, targetPort: 5432 }] }),
    ],
    workload: "shop/Pod/web",
    peers: ["bank/Service/db TCP 80"],
    errors: ["Service bank/db spec.selector.app"],
  },
];
