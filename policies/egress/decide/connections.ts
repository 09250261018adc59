import { addressesMeet } from "../sets/addresses.ts";
import {
  allPorts,
  intersectPorts,
  isNoPorts,
  noPorts,
  type PortSet,
  unitePorts,
} from "../sets/ports.ts";
import type { Pods } from "./pods.ts";
import { portsThroughTiers } from "./tier-connections.ts";
import { hasTiers } from "./tier-steps.ts";
import { type Peer, rulePorts, type Side, type View } from "./views.ts";

/** Ports that one side's policies leave open towards a peer. */
export function portsToward(side: Side, peer: Peer, pods: Pods): PortSet {
  const { view, tiers } = side;
  if (tiers.widest.length > 0) return allPorts;
  if (hasTiers(tiers) || view.isolated === "maybe") return portsThroughTiers(side, peer, pods);
  return view.isolated === "no" || view.widest ? allPorts : allowedPorts(view, peer);
}

function allowedPorts(view: View, { workload, addresses, target }: Peer): PortSet {
  let open = noPorts;
  for (const rule of view.everybody) open = unitePorts(open, rulePorts(rule, target));
  for (const { found, rule } of view.named) {
    if (found.has(workload)) open = unitePorts(open, rulePorts(rule, target));
  }
  for (const block of view.blocks) {
    if (addressesMeet(block.addresses, addresses)) {
      open = unitePorts(open, rulePorts(block.rule, target));
    }
  }
  return open;
}

export function meetPorts(egress: PortSet, ingress: PortSet): PortSet | undefined {
  const common = intersectPorts(egress, ingress);
  return isNoPorts(common) ? undefined : common;
}
