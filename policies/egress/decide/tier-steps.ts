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
  /** Whether it certainly governs the pod. */
  readonly certain: boolean;
}

/** The policies of one priority that govern a pod, each with its rules in order. */
export type GoverningGroup = readonly (readonly GoverningTierRule[])[];

export interface GoverningTiers {
  readonly admin: readonly GoverningGroup[];
  readonly baseline: readonly GoverningGroup[];
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
    const of = (tier: TierPolicy["tier"]): readonly GoverningGroup[] => {
      const here = mine.filter(({ policy }) => policy.tier === tier && policy.faults.length === 0);
      // The policies are in order of priority, and a Map keeps the order in which it met its keys.
      const groups = [...Map.groupBy(here, ({ policy }) => policy.priority).values()];
      return groups.map((group) =>
        group.map(({ policy, match }) =>
          rulesOf(policy).map((rule) => ({ policy, rule, certain: match === "yes" })),
        ),
      );
    };
    return {
      admin: of("Admin"),
      baseline: of("Baseline"),
      widest: mine.map(({ policy }) => policy).filter((policy) => policy.faults.length > 0),
    };
  };
}

/** Whether any tier has a say. */
export function hasTiers({ admin, baseline, widest }: GoverningTiers): boolean {
  return admin.length + baseline.length + widest.length > 0;
}
