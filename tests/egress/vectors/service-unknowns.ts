import { unknown } from "../../../policies/model/value.ts";
import { db, network, selector, service, web } from "./services.ts";
import { egressPolicy, https, toBlock } from "./stack.ts";
import { obscure, type Step, shown } from "./unknowns.ts";
import type { Vector } from "./vector.ts";

const toServices = egressPolicy("shop", "to-services", [
  { to: [toBlock("10.96.0.0/16")], ports: [https] },
]);

const known = service("db", {
  type: "ClusterIP",
  selector,
  clusterIP: "10.96.0.12",
  externalIPs: [],
  ports: [{ port: 443, targetPort: 5432, protocol: "TCP" }],
});

const port = ["spec", "ports", 0] as const;

/** Places that decide where a Service leads. */
const places: readonly (readonly Step[])[] = [
  ["metadata", "namespace"],
  ["spec"],
  ["spec", "type"],
  ["spec", "selector"],
  ["spec", "selector", "app"],
  ["spec", "externalIPs"],
  ["spec", "ports"],
  port,
  [...port, "port"],
  [...port, "targetPort"],
  [...port, "protocol"],
];

const told: readonly Vector[] = places.map((path) => ({
  title: `a Service may lead anywhere that an unknown value at ${shown(path).slice(1)} allows`,
  resources: [web, db, toServices, obscure(known, path, unknown)],
  options: { network },
  workload: "shop/Pod/web",
  peers: ["bank/Pod/db TCP 5432"],
  errors: [`Service ${path[0] === "metadata" ? "(unknown)" : "bank"}/db ${shown(path).slice(1)}`],
}));

/** Before it is made, a Service has no address, so that an unknown one is no fault. */
export const serviceUnknownVectors: readonly Vector[] = [
  ...told,
  {
    title: "a Service of unknown address has one of the cluster's range",
    resources: [web, db, toServices, obscure(known, ["spec", "clusterIP"], unknown)],
    options: { network },
    workload: "shop/Pod/web",
    peers: ["bank/Pod/db TCP 5432", "bank/Service/db TCP 443"],
  },
  {
    title: "a Service of unknown address may have any where nobody says which range is its own",
    resources: [web, db, toServices, obscure(known, ["spec", "clusterIP"], unknown)],
    workload: "shop/Pod/web",
    peers: ["bank/Pod/db TCP 5432", "bank/Service/db TCP 443"],
  },
  {
    title: "an unknown external address of a Service may be any",
    resources: [
      web,
      db,
      egressPolicy("shop", "to-outside", [{ to: [toBlock("203.0.113.0/24")], ports: [https] }]),
      obscure(known, ["spec", "externalIPs"], [unknown]),
    ],
    options: { network },
    workload: "shop/Pod/web",
    peers: ["bank/Pod/db TCP 5432", "bank/Service/db TCP 443"],
    errors: ["Service bank/db spec.externalIPs"],
  },
];
