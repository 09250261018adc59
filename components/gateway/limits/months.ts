/**
 * The rate-limit service knows no calendar: a year of its own is a window of 365 days since 1970. A budget of a
 * calendar month is therefore a limit of such a year with the month in its key, and in December, inside of
 * which a window ends, the same key is counted twice.
 */

const daySeconds = 86_400;

/** Length of the service's `year`, seconds. */
export const yearSeconds = 365 * daySeconds;

const firstYear = 2026;
/** The list of months is finite; a budget after it would be doubled in the month of a boundary. */
const years = 30;

/** First and last second of a month, UTC, as seconds since 1970. */
function secondsOf(year: number, month: number): { readonly first: number; readonly last: number } {
  const first = Date.UTC(year, month) / 1000;
  return { first, last: Date.UTC(year, month + 1) / 1000 - 1 };
}

/** Whether a new window of the service begins inside of a month. */
function isSplit(year: number, month: number): boolean {
  const { first, last } = secondsOf(year, month);
  return Math.floor(first / yearSeconds) !== Math.floor(last / yearSeconds);
}

/** A month as descriptors name it; `month` counts from 0. */
export function monthKey(year: number, month: number): string {
  return `${year}-${String(month + 1).padStart(2, "0")}`;
}

/** Months that two windows of the service share, `YYYY-MM`, from 2026 on for thirty years. */
export const splitMonths: readonly string[] = Array.from({ length: years * 12 }, (_, index) => ({
  year: firstYear + Math.floor(index / 12),
  month: index % 12,
}))
  .filter(({ year, month }) => isSplit(year, month))
  .map(({ year, month }) => monthKey(year, month));
