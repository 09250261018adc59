/** Several values of one figure, with what lies in the middle. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws Error where there is no value */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: at(sorted, 50), least: at(sorted, 0), most: at(sorted, 100) };
}

/**
 * Nearest rank: a value that was really measured.
 * @param percent from 0 to 100
 * @throws Error where there is no value
 */
export function percentile(values: readonly number[], percent: number): number {
  return at(
    values.toSorted((a, b) => a - b),
    percent,
  );
}

function at(sorted: readonly number[], percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}
