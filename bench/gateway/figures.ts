import type { Kind } from "./load.ts";
import type { Way } from "./side.ts";
import { type Spread, spreadOf } from "./statistics.ts";

/** What is asked of every side in every round. */
export interface Cell {
  readonly way: Way;
  readonly kind: Kind;
  readonly connections: number;
}

/** One side in one cell of one round. */
export interface Measured extends Cell {
  readonly side: string;
  readonly round: number;
  /** Milliseconds until the last byte of an answer. */
  readonly p50: number;
  readonly p99: number;
  readonly requestsPerSecond: number;
  /** Processor time of the side's own processes for a request, milliseconds; none where nothing is in between. */
  readonly cpuMs: number;
  /** Time in which the side's own processes could have run and had no core, against wall time. */
  readonly waited: number;
}

/** A side in a cell over all rounds. */
export interface Figures {
  readonly cell: Cell;
  readonly p50: Spread;
  readonly p99: Spread;
  /** Against `base` in the same round. */
  readonly addedP50: Spread;
  readonly addedP99: Spread;
  readonly requestsPerSecond: Spread;
  readonly cpuMs: Spread;
  readonly waited: Spread;
  /** What a core that did nothing else would carry. */
  readonly perCore: Spread;
}

/** @throws Error where a round lacks one of the two sides */
export function figuresOf(
  all: readonly Measured[],
  cell: Cell,
  side: string,
  base: string,
): Figures {
  const own = ofSide(all, cell, side);
  const other = ofSide(all, cell, base);
  const added = (figure: "p50" | "p99") =>
    spreadOf(own.map((each) => each[figure] - inRound(other, each.round)[figure]));
  const spread = (figure: (each: Measured) => number) => spreadOf(own.map(figure));
  return {
    cell,
    p50: spread(({ p50 }) => p50),
    p99: spread(({ p99 }) => p99),
    addedP50: added("p50"),
    addedP99: added("p99"),
    requestsPerSecond: spread(({ requestsPerSecond }) => requestsPerSecond),
    cpuMs: spread(({ cpuMs }) => cpuMs),
    waited: spread(({ waited }) => waited),
    perCore: spread(({ cpuMs }) => 1000 / cpuMs),
  };
}

/** How many times the requests of `other` a core carries through `side`, each round for itself. */
export function perCoreRatio(
  all: readonly Measured[],
  cell: Cell,
  side: string,
  other: string,
): Spread {
  const others = ofSide(all, cell, other);
  const ratios = ofSide(all, cell, side).map(
    ({ cpuMs, round }) => inRound(others, round).cpuMs / cpuMs,
  );
  return spreadOf(ratios);
}

function ofSide(all: readonly Measured[], cell: Cell, side: string): readonly Measured[] {
  return all.filter(
    (each) =>
      each.side === side &&
      each.way === cell.way &&
      each.kind === cell.kind &&
      each.connections === cell.connections,
  );
}

function inRound(measured: readonly Measured[], round: number): Measured {
  const found = measured.find((each) => each.round === round);
  if (found === undefined) throw new Error(`round ${round} has no other side to compare with`);
  return found;
}
