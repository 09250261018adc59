import type { Unknown } from "../../model/value.ts";
import { type Match, matches, type Selector } from "../read/labels.ts";
import type { Direction } from "../read/network-policy-rule.ts";
import type { TierPolicy } from "../read/tier-policy.ts";
import type { TierRule } from "../read/tier-rule.ts";
import type { Subject } from "./governing.ts";
import { both } from "./pods.ts";

/** A rule of a tier that governs a pod, in the order of evaluation. */
export interface GoverningTierRule {
  readonly policy: TierPolicy;
  readonly rule: TierRule;
  /** Whether it certainly governs the pod, in an order that is certain. */
  readonly certain: boolean;
}

export interface GoverningTiers {
  readonly admin: readonly GoverningTierRule[];
  readonly baseline: readonly GoverningTierRule[];
  /** Policies that cannot be read; any one may accept everything. */
  readonly widest: readonly TierPolicy[];
}

export const noTiers: GoverningTiers = { admin: [], baseline: [], widest: [] };

/** The rules of tiers above and below NetworkPolicy that govern a pod in one direction. */
export function governingTiers(
  policies: readonly TierPolicy[],
  direction: Direction,
  matchNamespace: (selector: Selector, namespace: string | Unknown) => Match,
): (subject: Subject) => GoverningTiers {
  if (policies.length === 0) return () => noTiers;
  const ordered = policies.toSorted((a, b) => a.priority - b.priority);
  return (subject) => {
    const mine = ordered.flatMap((policy) => {
      const inPlace = matchNamespace(policy.subject.namespaces, subject.namespace);
      const match = both(inPlace, matches(policy.subject.pods, subject.labels));
      return match === "no" ? [] : [{ policy, match }];
    });
    const rulesOf = (policy: TierPolicy) =>
      direction === "Egress" ? policy.egress : policy.ingress;
    const of = (tier: TierPolicy["tier"]) => {
      const here = mine.filter(({ policy }) => policy.tier === tier && policy.faults.length === 0);
      return here.flatMap(({ policy, match }) => {
        const tied = here.filter((other) => other.policy.priority === policy.priority);
        const settled = tied.length < 2 || sameActions(tied.flatMap((one) => rulesOf(one.policy)));
        return rulesOf(policy).map((rule) => ({
          policy,
          rule,
          certain: match === "yes" && settled,
        }));
      });
    };
    return {
      admin: of("Admin"),
      baseline: of("Baseline"),
      widest: mine.map(({ policy }) => policy).filter((policy) => policy.faults.length > 0),
    };
  };
}

/** Policies of one priority come in no certain order, which makes no difference if all do the same. */
function sameActions(rules: readonly TierRule[]): boolean {
  return new Set(rules.map(({ action }) => action)).size < 2;
}
