import type { Unknown } from "../../model/value.ts";
import type { Selector } from "../read/labels.ts";
import type { Rule } from "../read/network-policy-rule.ts";
import { namedPort, type Workload } from "../read/workloads.ts";
import type { Addresses } from "../sets/addresses.ts";
import { type PortSet, unitePorts } from "../sets/ports.ts";
import type { Governing } from "./governing.ts";
import type { Found, Pods, Where } from "./pods.ts";
import type { GoverningTiers } from "./tier-steps.ts";

/** What NetworkPolicies of one pod allow to or from every other pod, without a pair being looked at. */
export interface View {
  readonly isolated: Governing["isolated"];
  /** Rules that name nobody and let everybody. */
  readonly everybody: readonly Rule[];
  /** Rules on addresses. */
  readonly blocks: readonly BlockRule[];
  /** Rules that name pods, each with the pods that it finds. */
  readonly named: readonly { readonly found: Found; readonly rule: Rule }[];
  /** Whether a policy that cannot be read may allow everything. */
  readonly widest: boolean;
}

export interface BlockRule {
  readonly addresses: Addresses;
  readonly rule: Rule;
}

/** The view of a pod that no policy reaches. */
export const unheldView: View = {
  isolated: "no",
  everybody: [],
  blocks: [],
  named: [],
  widest: false,
};

export function viewOf(governing: Governing, pods: Pods): View {
  const everybody: Rule[] = [];
  const blocks: BlockRule[] = [];
  const named: { found: Found; rule: Rule }[] = [];
  for (const { policy, rule } of governing.rules) {
    if (rule.peers === "all") {
      everybody.push(rule);
      continue;
    }
    for (const peer of rule.peers) {
      if (peer.kind === "addresses") {
        blocks.push({ addresses: peer.addresses, rule });
        continue;
      }
      const where = whereOf(peer.namespaces, policy.namespace);
      named.push({ found: pods.select(where, peer.pods), rule });
    }
  }
  const widest = governing.widest.length > 0;
  return { isolated: governing.isolated, everybody, blocks, named, widest };
}

function whereOf(selector: Selector | undefined, own: string | Unknown): Where {
  return selector === undefined ? { own } : { selector };
}

/** Whether only the rules of a view allow anything. */
export function isBound({ isolated, widest }: View): boolean {
  return isolated === "yes" && !widest;
}

/** One side of a connection: the pod that policies govern, seen in its direction. */
export interface Side {
  readonly workload: Workload;
  readonly view: View;
  readonly tiers: GoverningTiers;
}

/** The other end of a connection. */
export interface Peer {
  readonly workload: Workload;
  /** Every address that one of its pods has, or may have. */
  readonly addresses: Addresses;
  /** Whose names of ports count: the pod that is connected to. */
  readonly target: Workload;
}

/** Ports of a rule, those by name included as far as the pod that is connected to has them. */
export function rulePorts(rule: Rule, target: Workload): PortSet {
  let open = rule.ports;
  for (const { name, protocol } of rule.named) {
    open = unitePorts(open, namedPort(target, name, [protocol]));
  }
  return open;
}
