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

/**
 * The policies of one priority, each with its steps in order. Which of them decides about a connection
 * that several match is not defined, so each is asked and what any accepts counts.
 */
export type Group<T> = readonly (readonly Step<T>[])[];

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
  admin: readonly Group<T>[],
  middle: Middle<T>,
  baseline: readonly Group<T>[],
): T {
  const first = walk(space, admin, space.all);
  const isolated =
    middle.isolated === "no" ? space.none : space.intersect(first.passed, middle.allowed);
  if (middle.isolated === "yes") return space.unite(first.accepted, isolated);
  const last = walk(space, baseline, first.passed);
  return [isolated, last.accepted, last.passed].reduce(space.unite, first.accepted);
}

interface Outcome<T> {
  readonly accepted: T;
  readonly passed: T;
  /** What no rule decided for certain. */
  readonly remaining: T;
}

/** What the rules of one tier accept, and what they leave to the next tier. */
function walk<T>(
  space: Space<T>,
  groups: readonly Group<T>[],
  start: T,
): Omit<Outcome<T>, "remaining"> {
  let [accepted, passed, remaining] = [space.none, space.none, start];
  for (const group of groups) {
    const outcomes = group.map((steps) => walkPolicy(space, steps, remaining));
    accepted = outcomes.map((one) => one.accepted).reduce(space.unite, accepted);
    passed = outcomes.map((one) => one.passed).reduce(space.unite, passed);
    remaining = outcomes.map((one) => one.remaining).reduce(space.intersect, remaining);
  }
  return { accepted, passed: space.unite(passed, remaining) };
}

function walkPolicy<T>(space: Space<T>, steps: readonly Step<T>[], start: T): Outcome<T> {
  let [accepted, passed, remaining] = [space.none, space.none, start];
  for (const { action, extent, certain } of steps) {
    const here = space.intersect(extent, remaining);
    if (action === "Accept") accepted = space.unite(accepted, here);
    if (action === "Pass") passed = space.unite(passed, here);
    if (certain) remaining = space.subtract(remaining, here);
  }
  return { accepted, passed, remaining };
}
