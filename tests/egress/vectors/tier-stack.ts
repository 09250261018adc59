import type { Resource } from "../../../policies/model/resource.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import { clusterPolicy } from "../support/resources.ts";
import { byName, egressPolicy, https, pod, toBlock } from "./stack.ts";
import type { Vector } from "./vector.ts";

export const network = {
  podCidr: "10.244.0.0/16",
  serviceCidr: "10.96.0.0/16",
  nodeCidr: "10.10.0.0/16",
};

export const web = pod("shop", "web", "10.244.0.1");
export const shop = { namespaces: byName("shop") };
export const networks = (...cidrs: readonly string[]): ValueObject => ({ networks: cidrs });
export const tcp443: ValueObject = { tcp: { destinationPort: { number: 443 } } };

export function cluster(
  name: string,
  egress: readonly ValueObject[],
  more: ValueObject = {},
): Resource {
  return clusterPolicy(name, { tier: "Admin", priority: 10, subject: shop, egress, ...more });
}

export const open443 = egressPolicy("shop", "open", [
  { to: [toBlock("0.0.0.0/0"), toBlock("::/0")], ports: [https] },
]);

export function verdict(
  title: string,
  resources: readonly Resource[],
  isolated: boolean,
  external: readonly string[],
): Vector {
  return { title, resources: [web, ...resources], workload: "shop/Pod/web", isolated, external };
}

export const accept10 = { action: "Accept", to: [networks("10.0.0.0/8")] };
