import type { Match } from "../read/labels.ts";

/** What a verdict is about: places for the way out, ports for a connection between two workloads. */
export interface Space<T> {
  readonly all: T;
  readonly none: T;
  readonly unite: (a: T, b: T) => T;
  readonly intersect: (a: T, b: T) => T;
  readonly subtract: (a: T, b: T) => T;
}

/** One rule of a tier, in the order of evaluation, as far as it concerns the question. */
export interface Step<T> {
  readonly action: "Accept" | "Deny" | "Pass";
  readonly extent: T;
  /** Whether it certainly applies; one that may not apply must allow, and must hold nothing back. */
  readonly certain: boolean;
}

/** What NetworkPolicies say: whether one governs the pod, and what they allow together. */
export interface Middle<T> {
  readonly isolated: Match;
  readonly allowed: T;
}

/**
 * The verdict of all tiers: Admin, then NetworkPolicy, which is final for isolated pods, then Baseline,
 * then the default, which allows. Where something is uncertain the larger answer is given.
 */
export function throughTiers<T>(
  space: Space<T>,
  admin: readonly Step<T>[],
  middle: Middle<T>,
  baseline: readonly Step<T>[],
): T {
  const first = walk(space, admin, space.all);
  const isolated =
    middle.isolated === "no" ? space.none : space.intersect(first.passed, middle.allowed);
  if (middle.isolated === "yes") return space.unite(first.accepted, isolated);
  const last = walk(space, baseline, first.passed);
  return [isolated, last.accepted, last.passed].reduce(space.unite, first.accepted);
}

/** What the rules of one tier accept, and what they leave to the next tier. */
function walk<T>(
  space: Space<T>,
  steps: readonly Step<T>[],
  start: T,
): { readonly accepted: T; readonly passed: T } {
  let [remaining, accepted, passed] = [start, space.none, space.none];
  for (const { action, extent, certain } of steps) {
    const here = space.intersect(extent, remaining);
    if (action === "Accept") accepted = space.unite(accepted, here);
    if (action === "Pass") passed = space.unite(passed, here);
    if (certain) remaining = space.subtract(remaining, here);
  }
  return { accepted, passed: space.unite(passed, remaining) };
}
