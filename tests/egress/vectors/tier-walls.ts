import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { app, byName, deployment, egressPolicy, pod } from "./stack.ts";
import { cluster, networks, web } from "./tier-stack.ts";
import type { FlowTable } from "./vector.ts";

const passPods = { action: "Pass", to: [{ namespaces: byName("bank") }] };
const denyAll = { action: "Deny", to: [networks("0.0.0.0/0", "::/0")] };
const toBank = egressPolicy("shop", "to-bank", [{ to: [{ namespaceSelector: byName("bank") }] }]);

function isolation(
  title: string,
  target: Resource,
  key: string,
  egress: readonly ValueObject[],
  passes: boolean,
  errors: readonly string[] = [],
): FlowTable {
  return {
    title,
    resources: [web, target, toBank, cluster("wall", egress)],
    flows: [["shop/Pod/web", key, "TCP 80", passes]],
    errors,
  };
}

/** Walls of the admin tier around a namespace, and the pods that they hold back. */
export const tierWalls: readonly FlowTable[] = [
  isolation(
    "a wall around pods that are passed first",
    pod("bank", "db", "10.244.0.9"),
    "bank/Pod/db",
    [passPods, denyAll],
    true,
  ),
  isolation(
    "a wall without a door holds pods back as well",
    pod("bank", "db", "10.244.0.9"),
    "bank/Pod/db",
    [denyAll],
    false,
  ),
  isolation(
    "a wall holds pods back before they have an address",
    deployment("bank", "db"),
    "bank/Deployment/db",
    [denyAll],
    false,
  ),
  isolation(
    "a wall of two rules holds pods back before they have an address",
    deployment("bank", "db"),
    "bank/Deployment/db",
    [
      { action: "Deny", to: [networks("0.0.0.0/0")] },
      { action: "Deny", to: [networks("::/0")] },
    ],
    false,
  ),
  isolation(
    "a wall of IPv4 lets pods through whose address nobody knows",
    deployment("bank", "db"),
    "bank/Deployment/db",
    [{ action: "Deny", to: [networks("0.0.0.0/0")] }],
    true,
  ),
  isolation(
    "a denial of some addresses denies the pods that have them",
    pod("bank", "db", "10.244.0.9"),
    "bank/Pod/db",
    [{ action: "Deny", to: [networks("10.244.0.8/29")] }],
    false,
  ),
  isolation(
    "a denial of some addresses leaves other pods",
    pod("bank", "db", "10.244.0.9"),
    "bank/Pod/db",
    [{ action: "Deny", to: [networks("10.244.0.0/29")] }],
    true,
  ),
  isolation(
    "a denial by labels that nobody knows yet denies nobody",
    deployment("bank", "db", {}, { app: unknown }),
    "bank/Deployment/db",
    [{ action: "Deny", to: [{ pods: { namespaceSelector: {}, podSelector: app("db") } }] }],
    true,
    ["Deployment bank/db spec.template.metadata.labels.app"],
  ),
];
