import { type Cell, type Figures, figuresOf, type Measured, perCoreRatio } from "./figures.ts";
import type { Spread } from "./statistics.ts";

/** Sides by the names that figures bear; the last is missing where it is not installed. */
export interface Compared {
  readonly direct: string;
  readonly gateway: string;
  readonly litellm: string | undefined;
}

/** Markdown: what each way adds to a request, and what a core carries. */
export function tables(
  all: readonly Measured[],
  cells: readonly Cell[],
  { direct, gateway, litellm }: Compared,
): readonly string[] {
  const sides = [gateway, ...(litellm === undefined ? [] : [litellm])];
  const of = (cell: Cell, side: string) => figuresOf(all, cell, side, direct);
  const times = cells.map((cell) => {
    const base = of(cell, direct);
    return [
      ...nameOf(cell),
      `${milliseconds(base.p50.median)} / ${milliseconds(base.p99.median)}`,
      ...sides.flatMap((side) => added(of(cell, side))),
    ];
  });
  const rates = cells.map((cell) => [
    ...nameOf(cell),
    whole(of(cell, direct).requestsPerSecond.median),
    ...sides.flatMap((side) => carried(of(cell, side))),
    ...(litellm === undefined ? [] : [withRange(perCoreRatio(all, cell, gateway, litellm), whole)]),
  ]);
  return [
    ...table(
      [
        ...cellHead,
        "direct p50 / p99, ms",
        ...sides.flatMap((side) => [`${side}: added p50, ms`, "added p99, ms", "waited"]),
      ],
      times,
    ),
    "",
    ...table(
      [
        ...cellHead,
        "direct, requests/s",
        ...sides.flatMap((side) => [`${side}: requests/s`, "CPU ms per request", "per core"]),
        ...(litellm === undefined ? [] : [`${gateway} : ${litellm} per core, ratio`]),
      ],
      rates,
    ),
  ];
}

const cellHead = ["to", "request", "connections"] as const;

function nameOf({ way, kind, connections }: Cell): readonly string[] {
  return [way, kind, String(connections)];
}

function added({ addedP50, addedP99, waited }: Figures): readonly string[] {
  return [
    withRange(addedP50, milliseconds),
    withRange(addedP99, milliseconds),
    `${whole(waited.median * 100)} %`,
  ];
}

function carried({ requestsPerSecond, cpuMs, perCore }: Figures): readonly string[] {
  return [
    whole(requestsPerSecond.median),
    withRange(cpuMs, milliseconds),
    withRange(perCore, whole),
  ];
}

/** The median, and the least and most of all rounds. */
function withRange({ median, least, most }: Spread, text: (value: number) => string): string {
  return `${text(median)} (${text(least)}–${text(most)})`;
}

function milliseconds(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 0.1 ? 3 : size < 1 ? 2 : size < 100 ? 1 : 0);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (columns: readonly string[]) => `| ${columns.join(" | ")} |`;
  const rule = `|${head.map((_, index) => (index < 2 ? "---" : "--:")).join("|")}|`;
  return [line(head), rule, ...rows.map(line)];
}
