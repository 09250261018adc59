/** Steps of a migration, in the order in which a class goes through them; `hybrid` is an end state of its own. */
export const phaseNames = ["poc", "canary", "expand", "full", "hybrid"] as const;
export type PhaseName = (typeof phaseNames)[number];

/** How much harm an answer may do that is wrong; decides when a task class moves. */
export const criticalities = ["non-critical", "medium", "critical"] as const;
export type Criticality = (typeof criticalities)[number];

export interface Phase {
  /** What the phase is for, in a line. */
  readonly purpose: string;
  /** Share of requests that the self-hosted model answers, percent, by criticality. */
  readonly selfHostedPercent: Readonly<Record<Criticality, number>>;
  /** Row of the reference case that it stands for. */
  readonly row: string;
}

/**
 * Source: the reference case, rows C1 to C4 and C8 (10 % of log analysis, 50 % of code generation, 100 % of
 * customer support, then 80/20), read 2026-11. What the case leaves open is this table's own: a class that
 * moved in one phase does not move back in the next.
 */
export const phases = {
  poc: {
    purpose: "everything on hosted providers, through this gateway",
    selfHostedPercent: { "non-critical": 0, medium: 0, critical: 0 },
    row: "C1",
  },
  canary: {
    purpose: "a tenth of what does no harm",
    selfHostedPercent: { "non-critical": 10, medium: 0, critical: 0 },
    row: "C2",
  },
  expand: {
    purpose: "half of the medium tasks",
    selfHostedPercent: { "non-critical": 50, medium: 50, critical: 0 },
    row: "C3",
  },
  full: {
    purpose: "everything on the model of one's own",
    selfHostedPercent: { "non-critical": 100, medium: 100, critical: 100 },
    row: "C4",
  },
  hybrid: {
    purpose: "four fifths on the model of one's own, for good",
    selfHostedPercent: { "non-critical": 80, medium: 80, critical: 80 },
    row: "C8",
  },
} as const satisfies Record<PhaseName, Phase>;
