import type { Because } from "../result.ts";
import { type Addresses, everyAddress, noAddress, uniteAddresses } from "../sets/addresses.ts";
import {
  everywhere,
  intersectRegions,
  isNowhere,
  nowhere,
  type Region,
  region,
  subtractRegions,
  unite,
  uniteAll,
} from "../sets/region.ts";
import type { Governing, GoverningRule } from "./governing.ts";
import type { GoverningTierRule, GoverningTiers } from "./tier-steps.ts";
import { type Space, type Step, throughTiers } from "./tiers.ts";

const regions: Space<Region> = {
  all: everywhere,
  none: nowhere,
  unite,
  intersect: intersectRegions,
  subtract: subtractRegions,
};

/** Where packets of a pod may go, and which rules let them. */
export interface External {
  readonly region: Region;
  readonly because: readonly Because[];
}

/** The way out of a pod that is on no host's network and under policies that are enforced. */
export function externalOf(
  governing: Governing,
  tiers: GoverningTiers,
  nodes: Addresses | undefined,
): External {
  const allowed = governing.widest.length > 0 ? everywhere : allowedBy(governing.rules);
  const open = tiers.widest.length > 0;
  const steps = (rules: readonly GoverningTierRule[]) => rules.map((rule) => stepOf(rule, nodes));
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
        object: policy.title,
        path: policy.faults[0]?.path ?? "",
        reason: `may accept everything, since it cannot be read: ${policy.faults[0]?.reason ?? ""}`,
      })),
      ...acceptances(tiers),
      ...governing.widest.map(({ title, path, reason }) => ({ object: title, path, reason })),
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

function reasonsOf({ policy, rule }: GoverningRule): readonly Because[] {
  if (rule.peers === "all") {
    return [
      { object: policy.title, path: rule.path, reason: "names no peers and allows every one" },
    ];
  }
  return rule.peers.map((peer) => ({
    object: policy.title,
    path: peer.path,
    reason: peer.kind === "addresses" ? "allows these addresses" : "allows pods by their labels",
  }));
}

function acceptances({ admin, baseline }: GoverningTiers): readonly Because[] {
  return [...admin, ...baseline]
    .filter(({ rule }) => rule.action === "Accept")
    .map(({ policy, rule }) => ({
      object: policy.title,
      path: rule.path,
      reason: "accepts in a tier of its own",
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

export function isClosed(external: External): boolean {
  return isNowhere(external.region);
}
