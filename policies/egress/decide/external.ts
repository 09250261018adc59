import { describe, type KubeObject } from "../../model/kube-object.ts";
import type { Because } from "../result.ts";
import { type Addresses, everyAddress, noAddress, uniteAddresses } from "../sets/addresses.ts";
import {
  everywhere,
  intersectRegions,
  nowhere,
  type Region,
  region,
  subtractRegions,
  unite,
  uniteAll,
} from "../sets/region.ts";
import type { Governing, GoverningRule } from "./governing.ts";
import type { GoverningGroup, GoverningTierRule, GoverningTiers } from "./tier-steps.ts";
import { type Space, type Step, throughTiers } from "./tiers.ts";

const regions: Space<Region> = {
  all: everywhere,
  none: nowhere,
  unite,
  intersect: intersectRegions,
  subtract: subtractRegions,
};

/** One thing that opens a way, or fails to close it. */
export interface Reason {
  /** `undefined`: no object of the graph, such as the network plugin itself. */
  readonly object: KubeObject | undefined;
  /** Path of the rule inside the object; empty for the object itself. */
  readonly path: string;
  readonly reason: string;
  /** What it opens by itself, before other tiers take something back. */
  readonly opens: Region;
}

/** Where packets of a pod may go, and which rules let them. */
export interface External {
  readonly region: Region;
  readonly because: readonly Reason[];
}

/** A reason as a report shows it. */
export function because({ object, path, reason }: Reason): Because {
  return { object: object === undefined ? "the network plugin" : describe(object), path, reason };
}

/** The way out of a pod that is on no host's network and under policies that are enforced. */
export function externalOf(
  governing: Governing,
  tiers: GoverningTiers,
  nodes: Addresses | undefined,
): External {
  const allowed = governing.widest.length > 0 ? everywhere : allowedBy(governing.rules);
  const open = tiers.widest.length > 0;
  const steps = (groups: readonly GoverningGroup[]) =>
    groups.map((group) => group.map((rules) => rules.map((rule) => stepOf(rule, nodes))));
  return {
    region: open
      ? everywhere
      : throughTiers(
          regions,
          steps(tiers.admin),
          { isolated: governing.isolated, allowed },
          steps(tiers.baseline),
        ),
    because: [
      ...tiers.widest.map((policy) => ({
        object: policy.object,
        path: policy.faults[0]?.path ?? "",
        reason: `cannot be read, so it may accept everything: ${policy.faults[0]?.reason ?? ""}`,
        opens: everywhere,
      })),
      ...acceptances(tiers, nodes),
      ...governing.widest.map((each) => ({ ...each, opens: everywhere })),
      ...governing.rules.flatMap(reasonsOf),
    ],
  };
}

function allowedBy(rules: readonly GoverningRule[]): Region {
  return uniteAll(
    rules.flatMap(({ rule: { peers, ports } }) => {
      if (peers === "all") return [{ addresses: everyAddress, ports }];
      return peers.flatMap((peer) =>
        peer.kind === "addresses" ? [{ addresses: peer.addresses, ports }] : [],
      );
    }),
  );
}

function reasonsOf({ policy: { object }, rule }: GoverningRule): readonly Reason[] {
  const { path, peers, ports } = rule;
  if (peers === "all") {
    const opens = region(everyAddress, ports);
    return [{ object, path, reason: "names no peers, so it allows every one", opens }];
  }
  return peers.map((peer): Reason => {
    if (peer.kind === "pods") {
      return { object, path: peer.path, reason: "allows pods by their labels", opens: nowhere };
    }
    const opens = region(peer.addresses, ports);
    return { object, path: peer.path, reason: "allows these addresses", opens };
  });
}

function acceptances({ admin, baseline }: GoverningTiers, nodes: Addresses | undefined): Reason[] {
  return [...admin, ...baseline]
    .flat(2)
    .filter(({ rule }) => rule.action === "Accept")
    .map((each) => ({
      object: each.policy.object,
      path: each.rule.path,
      reason: "accepts, which no NetworkPolicy can take back",
      opens: stepOf(each, nodes).extent,
    }));
}

/** A rule as far as it concerns addresses; pods have none of their own here. */
function stepOf({ rule, certain }: GoverningTierRule, nodes: Addresses | undefined): Step<Region> {
  const known = rule.peers.map((peer) => (peer.kind === "addresses" ? peer.addresses : noAddress));
  const vague = rule.peers.map((peer) => vagueAddresses(peer.kind, nodes));
  const addresses = uniteAddresses([...known, ...vague]);
  const isVague = vague.some((each) => each !== noAddress);
  // A Deny of names or nodes whose addresses nobody knows holds back only what is certain.
  const extent = region(
    rule.action === "Accept" || !isVague ? addresses : uniteAddresses(known),
    rule.ports,
  );
  const passed = rule.action === "Pass" && isVague ? region(addresses, rule.ports) : extent;
  return {
    action: rule.action,
    extent: passed,
    certain: certain && (!isVague || rule.action === "Deny"),
  };
}

function vagueAddresses(kind: string, nodes: Addresses | undefined): Addresses {
  if (kind === "names") return everyAddress;
  return kind === "nodes" ? (nodes ?? everyAddress) : noAddress;
}
