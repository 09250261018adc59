import test, { type ExecutionContext } from "ava";
import { knownGaps } from "../known-gaps.ts";

/** A test, or one that must fail as long as its gap is known. */
export function declare(title: string, check: (t: ExecutionContext) => void | Promise<void>): void {
  (knownGaps.has(title) ? test.failing : test)(title, check);
}
