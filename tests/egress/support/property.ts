import { isDeepStrictEqual } from "node:util";
import type { ExecutionContext } from "ava";
import * as fc from "fast-check";

/** Tries a property; a failure prints the smallest input, what is wrong with it, and the seed. */
export function holds<T extends [unknown, ...unknown[]]>(
  t: ExecutionContext,
  numRuns: number,
  property: fc.IProperty<T>,
): void {
  t.notThrows(() => {
    fc.assert(property, { numRuns, includeErrorInReport: true });
  });
}

/** Fails inside of a property, so that fast-check can make its input small. */
export function demandNone(found: readonly string[]): void {
  if (found.length > 0) throw new Error(found.slice(0, 5).join("\n"));
}

export function demandSame(found: unknown, expected: unknown): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}
