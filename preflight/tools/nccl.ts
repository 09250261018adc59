import { linesOf, type Reading, read, unreadable } from "../reading.ts";

/** What `all_reduce_perf` of nccl-tests measured at its largest message. */
export interface AllReduce {
  readonly ranks: number;
  readonly bytes: number;
  /** Bus bandwidth, GB/s, the lower of out-of-place and in-place. */
  readonly busGbPerSecond: number;
  /** Whether every element was what it should be. */
  readonly correct: boolean;
}

/** size, count, type, redop, root, then time, algbw, busbw, #wrong twice. */
const columns = { count: 13, size: 0, busbw: [7, 11], wrong: [8, 12] } as const;

export function readAllReduce(text: string): Reading<AllReduce> {
  const lines = linesOf(text);
  const ranks = lines.filter((line) => /^#\s+Rank\s+\d+ /.test(line)).length;
  if (ranks === 0) return unreadable("names no rank");
  const verdict = lines.find((line) => line.includes("Out of bounds values"));
  if (verdict === undefined)
    return unreadable("has no verdict on out of bounds values, so the test did not end");
  const rows = lines.filter((line) => /^\s*\d/.test(line)).map((line) => line.trim().split(/\s+/));
  const wrong = rows.find(
    (row) => row.length !== columns.count || row.some((cell) => cell === "N/A"),
  );
  if (wrong !== undefined) return unreadable(`has a row without its ${columns.count} values`);
  const largest = rows.toSorted((a, b) => numberAt(b, columns.size) - numberAt(a, columns.size))[0];
  if (largest === undefined) return unreadable("has no measurement");
  const bandwidths = columns.busbw.map((place) => numberAt(largest, place));
  if (bandwidths.some(Number.isNaN))
    return unreadable("has no bus bandwidth at its largest message");
  return read({
    ranks,
    bytes: numberAt(largest, columns.size),
    busGbPerSecond: Math.min(...bandwidths),
    correct:
      /: 0 OK\s*$/.test(verdict) &&
      rows.every((row) => columns.wrong.every((place) => numberAt(row, place) === 0)),
  });
}

function numberAt(row: readonly string[], place: number): number {
  return Number(row[place] ?? Number.NaN);
}
