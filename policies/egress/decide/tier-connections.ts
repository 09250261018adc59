import type { TierPeer, TierRule } from "../read/tier-rule.ts";
import { namedPort, type Workload } from "../read/workloads.ts";
import {
  type Addresses,
  intersectAddresses,
  noAddress,
  uniteAddresses,
} from "../sets/addresses.ts";
import { allPorts, type PortSet, protocols, unitePorts } from "../sets/ports.ts";
import {
  intersectRegions,
  nowhere,
  portsAnywhere,
  type Region,
  region,
  subtractRegions,
  unite,
} from "../sets/region.ts";
import type { Pods } from "./pods.ts";
import type { GoverningGroup, GoverningTierRule } from "./tier-steps.ts";
import { type Step, throughTiers } from "./tiers.ts";
import { type Peer, rulePorts, type Side, type View } from "./views.ts";

/**
 * Ports that one side leaves open towards a peer, where tiers have a say. Rules on addresses decide for
 * each address that the peer may have, so that two denials of half the addresses make a whole one.
 */
export function portsThroughTiers({ view, tiers }: Side, peer: Peer, pods: Pods): PortSet {
  const whole = region(peer.addresses, allPorts);
  const space = {
    all: whole,
    none: nowhere,
    unite,
    intersect: intersectRegions,
    subtract: subtractRegions,
  };
  const steps = (groups: readonly GoverningGroup[]) =>
    groups.map((group) => group.map((rules) => rules.map((rule) => stepOf(rule, peer, pods))));
  const allowed = view.isolated === "no" || view.widest ? whole : allowedRegion(view, peer);
  const middle = { isolated: view.isolated, allowed };
  return portsAnywhere(throughTiers(space, steps(tiers.admin), middle, steps(tiers.baseline)));
}

function allowedRegion(view: View, { workload, addresses, target }: Peer): Region {
  let open = nowhere;
  for (const rule of view.everybody) open = unite(open, region(addresses, rulePorts(rule, target)));
  for (const { found, rule } of view.named) {
    if (found.has(workload)) open = unite(open, region(addresses, rulePorts(rule, target)));
  }
  for (const block of view.blocks) {
    const here = intersectAddresses(block.addresses, addresses);
    open = unite(open, region(here, rulePorts(block.rule, target)));
  }
  return open;
}

function stepOf({ rule, certain }: GoverningTierRule, peer: Peer, pods: Pods): Step<Region> {
  const { ports, vague } = tierPorts(rule, peer.target);
  const places = rule.peers.map((one) => placesOf(one, peer, pods));
  const sure = uniteAddresses([noAddress, ...places.map((each) => each.sure)]);
  const possible = uniteAddresses([sure, ...places.map((each) => each.possible)]);
  // What may not apply must not hold back, and what may apply must let through.
  if (rule.action === "Deny") {
    return { action: "Deny", extent: region(sure, ports), certain: certain && !vague };
  }
  const isSure = places.every((each) => each.possible === noAddress);
  return {
    action: rule.action,
    extent: region(possible, ports),
    certain: certain && isSure && !vague,
  };
}

/** Ports of a rule; vague where a name may stand for other numbers than those given here. */
function tierPorts(rule: TierRule, target: Workload): { ports: PortSet; vague: boolean } {
  let ports = rule.ports;
  for (const name of rule.named) ports = unitePorts(ports, namedPort(target, name, protocols));
  const vague = rule.named.some((name) => target.morePorts || target.vaguePorts.has(name));
  return { ports, vague };
}

/** Addresses of a peer that a rule certainly concerns, and those that it may concern besides. */
function placesOf(
  one: TierPeer,
  { workload, addresses }: Peer,
  pods: Pods,
): { readonly sure: Addresses; readonly possible: Addresses } {
  switch (one.kind) {
    case "addresses":
      return { sure: intersectAddresses(one.addresses, addresses), possible: noAddress };
    case "pods": {
      const match = pods.select({ selector: one.namespaces }, one.pods).get(workload);
      if (match === undefined) return { sure: noAddress, possible: noAddress };
      return match === "yes"
        ? { sure: addresses, possible: noAddress }
        : { sure: noAddress, possible: addresses };
    }
    case "nodes":
      return { sure: noAddress, possible: workload.hostNetwork ? addresses : noAddress };
    case "names":
      return { sure: noAddress, possible: noAddress };
    default:
      one satisfies never;
      throw new Error("unreachable");
  }
}
