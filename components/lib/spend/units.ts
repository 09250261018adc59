/**
 * Counters hold whole numbers, and their limits 32 bits. A unit of 10 millionths of a dollar keeps a cheap
 * request of a few tokens above 0 and a month up to 42,949 USD below the end.
 */
export const unitsPerUsd = 100_000;

/** Largest monthly budget that a limit can hold, USD. */
export const mostMonthlyUsd = Math.floor((2 ** 32 - 1) / unitsPerUsd);

/** A budget as the counter's limit; never more than was said. */
export function unitsOf(usd: number): number {
  return Math.floor(usd * unitsPerUsd);
}
