import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { clusterPolicy, object } from "../support/resources.ts";
import { egressPolicy, pod, toBlock } from "./stack.ts";
import { obscure, type Step, shown } from "./unknowns.ts";
import type { FlowTable } from "./vector.ts";

const status = { podIP: "10.244.0.2", podIPs: [{ ip: "10.244.0.2" }, { ip: "fd00::2" }] };

/** A client whose policy has one rule, and a server of which something is unknown. */
function server(title: string, rule: ValueObject, path: readonly Step[], port: string): FlowTable {
  const spec = {
    containers: [{ name: "main", image: "image", ports: [{ name: "web", containerPort: 80 }] }],
  };
  return {
    title,
    resources: [
      pod("shop", "client", "10.244.0.1"),
      obscure(object("core/v1:Pod", "shop", "server", { spec, status }), path, unknown),
      egressPolicy("shop", "p", [rule]),
    ],
    flows: [["shop/Pod/client", "shop/Pod/server", port, true]],
    errors: [`Pod shop/server ${shown(path).slice(1)}`],
  };
}

const ports = ["spec", "containers", 0, "ports"] as const;
const toWeb: ValueObject = { to: [{ podSelector: {} }], ports: [{ port: "web" }] };
const portPlaces: readonly (readonly Step[])[] = [
  ["spec", "containers"],
  ["spec", "containers", 0],
  ports,
  [...ports, 0],
  [...ports, 0, "name"],
  [...ports, 0, "containerPort"],
];
const addressPlaces: readonly (readonly Step[])[] = [
  ["status"],
  ["status", "podIPs"],
  ["status", "podIPs", 1],
  ["status", "podIPs", 1, "ip"],
];

export const unknownTables: readonly FlowTable[] = [
  ...portPlaces.map((path) =>
    server(`a named port may be any where${shown(path)} is unknown`, toWeb, path, "TCP 8080"),
  ),
  ...addressPlaces.map((path) =>
    server(
      `a pod may have any address where${shown(path)} is unknown`,
      { to: [toBlock("fd00::/8")] },
      path,
      "TCP 80",
    ),
  ),
  {
    title: "a Deny of a named port whose number is unknown denies no port for certain",
    resources: [
      pod("shop", "client", "10.244.0.1"),
      object("core/v1:Pod", "shop", "server", {
        spec: {
          containers: [
            { name: "main", image: "image", ports: [{ name: "web", containerPort: unknown }] },
          ],
        },
      }),
      clusterPolicy("deny", {
        tier: "Admin",
        priority: 1,
        subject: { namespaces: {} },
        ingress: [
          {
            action: "Deny",
            from: [{ namespaces: {} }],
            protocols: [{ destinationNamedPort: "web" }],
          },
        ],
      }),
    ],
    flows: [["shop/Pod/client", "shop/Pod/server", "TCP 80", true]],
    errors: ["Pod shop/server spec.containers[0].ports[0].containerPort"],
  },
];
