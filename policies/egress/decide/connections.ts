import type { Unknown } from "../../model/value.ts";
import type { Selector } from "../read/labels.ts";
import type { Rule } from "../read/network-policy-rule.ts";
import type { TierPeer, TierRule } from "../read/tier-rule.ts";
import { namedPort, type Workload } from "../read/workloads.ts";
import {
  type Addresses,
  addressesHold,
  addressesMeet,
  noAddress,
  uniteAddresses,
} from "../sets/addresses.ts";
import {
  allPorts,
  intersectPorts,
  isNoPorts,
  noPorts,
  type PortSet,
  protocols,
  subtractPorts,
  unitePorts,
} from "../sets/ports.ts";
import type { Governing } from "./governing.ts";
import type { Found, Pods, Where } from "./pods.ts";
import type { GoverningTierRule, GoverningTiers } from "./tier-steps.ts";
import { type Space, type Step, throughTiers } from "./tiers.ts";

const ports: Space<PortSet> = {
  all: allPorts,
  none: noPorts,
  unite: unitePorts,
  intersect: intersectPorts,
  subtract: subtractPorts,
};

/** What NetworkPolicies of one pod allow to or from every other pod, without a pair being looked at. */
export interface View {
  readonly isolated: Governing["isolated"];
  /** Ports to every pod. */
  readonly everybody: readonly Rule[];
  /** Ports to every pod whose address nobody knows yet. */
  readonly unplaced: readonly Rule[];
  /** Rules on addresses, for pods whose address is known. */
  readonly blocks: readonly { readonly addresses: Addresses; readonly rule: Rule }[];
  /** Rules that name pods, each with the pods that it finds. */
  readonly named: readonly { readonly found: Found; readonly rule: Rule }[];
  /** Whether a policy that cannot be read may allow everything. */
  readonly widest: boolean;
}

/** The view of a pod that no policy reaches. */
export const unheldView: View = {
  isolated: "no",
  everybody: [],
  unplaced: [],
  blocks: [],
  named: [],
  widest: false,
};

/** @param podRanges where addresses of pods may lie that are not known yet */
export function viewOf(governing: Governing, pods: Pods, podRanges: Addresses): View {
  const everybody: Rule[] = [];
  const unplaced: Rule[] = [];
  const blocks: { addresses: Addresses; rule: Rule }[] = [];
  const named: { found: Found; rule: Rule }[] = [];
  for (const { policy, rule } of governing.rules) {
    if (rule.peers === "all") {
      everybody.push(rule);
      continue;
    }
    for (const peer of rule.peers) {
      if (peer.kind === "addresses") {
        blocks.push({ addresses: peer.addresses, rule });
        if (addressesMeet(peer.addresses, podRanges)) unplaced.push(rule);
        continue;
      }
      named.push({
        found: pods.select(whereOf(peer.namespaces, policy.namespace), peer.pods),
        rule,
      });
    }
  }
  const widest = governing.widest.length > 0;
  return { isolated: governing.isolated, everybody, unplaced, blocks, named, widest };
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

/**
 * Ports that one side's policies leave open towards a peer.
 * @param target whose port names count: the pod that is connected to
 */
export function portsToward(
  side: Side,
  peer: Workload,
  target: Workload,
  pods: Pods,
  podRanges: Addresses,
): PortSet {
  const { view, tiers } = side;
  if (tiers.widest.length > 0) return allPorts;
  const allowed =
    view.isolated === "no" || view.widest ? allPorts : allowedPorts(view, peer, target);
  if (tiers.admin.length + tiers.baseline.length === 0 && view.isolated !== "maybe") return allowed;
  const steps = (rules: readonly GoverningTierRule[]) =>
    rules.map((rule) => stepOf(rule, peer, target, pods, podRanges));
  return throughTiers(
    ports,
    steps(tiers.admin),
    { isolated: view.isolated, allowed },
    steps(tiers.baseline),
  );
}

function allowedPorts(view: View, peer: Workload, target: Workload): PortSet {
  let open = noPorts;
  const add = (rules: readonly Rule[]) => {
    for (const rule of rules) open = unitePorts(open, rulePorts(rule, target));
  };
  add(view.everybody);
  add(view.named.filter(({ found }) => found.has(peer)).map(({ rule }) => rule));
  const { addresses } = peer;
  if (addresses === undefined) add(view.unplaced);
  else
    add(
      view.blocks
        .filter((each) => addressesMeet(each.addresses, addresses))
        .map(({ rule }) => rule),
    );
  return open;
}

function rulePorts(rule: Rule, target: Workload): PortSet {
  let open = rule.ports;
  for (const { name, protocol } of rule.named) {
    open = unitePorts(open, namedPort(target, name, [protocol]));
  }
  return open;
}

function stepOf(
  { rule, certain }: GoverningTierRule,
  peer: Workload,
  target: Workload,
  pods: Pods,
  podRanges: Addresses,
): Step<PortSet> {
  const match = matchPeers(rule.peers, peer, pods, podRanges);
  const extent = match === "no" ? noPorts : tierPorts(rule, target);
  // A name that may stand for any port widens what is accepted, and must not widen what is denied.
  const vague = rule.named.length > 0 && target.morePorts;
  return { action: rule.action, extent, certain: certain && match === "yes" && !vague };
}

function tierPorts(rule: TierRule, target: Workload): PortSet {
  let open = rule.ports;
  for (const name of rule.named) open = unitePorts(open, namedPort(target, name, protocols));
  return open;
}

function matchPeers(
  peers: readonly TierPeer[],
  pod: Workload,
  pods: Pods,
  podRanges: Addresses,
): "yes" | "no" | "maybe" {
  const matches = peers.map((peer) => matchPeer(peer, pod, pods));
  if (matches.includes("yes")) return "yes";
  const blocks = uniteAddresses([
    noAddress,
    ...peers.map((peer) => (peer.kind === "addresses" ? peer.addresses : noAddress)),
  ]);
  const inBlocks = matchAddresses(blocks, pod.addresses ?? podRanges);
  if (inBlocks === "yes") return "yes";
  return inBlocks === "maybe" || matches.includes("maybe") ? "maybe" : "no";
}

function matchAddresses(blocks: Addresses, pod: Addresses): "yes" | "no" | "maybe" {
  if (addressesHold(blocks, pod)) return "yes";
  return addressesMeet(blocks, pod) ? "maybe" : "no";
}

function matchPeer(peer: TierPeer, pod: Workload, pods: Pods): "yes" | "no" | "maybe" {
  switch (peer.kind) {
    case "pods": {
      return pods.select({ selector: peer.namespaces }, peer.pods).get(pod) ?? "no";
    }
    case "nodes":
      return pod.hostNetwork ? "maybe" : "no";
    case "names":
    case "addresses":
      return "no";
    default:
      peer satisfies never;
      return "maybe";
  }
}

export function meetPorts(egress: PortSet, ingress: PortSet): PortSet | undefined {
  const common = intersectPorts(egress, ingress);
  return isNoPorts(common) ? undefined : common;
}
