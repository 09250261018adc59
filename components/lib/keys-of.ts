import { z } from "zod";
import { compareText } from "./compare-text.ts";

/**
 * Keys of a table as a schema, so that a new row is accepted without touching it.
 * @param abort whether checks of the surrounding value are left out where the key is unknown; they may look it up
 */
export function keysOf<T extends string>(
  table: Readonly<Record<T, unknown>>,
  { abort = true }: { readonly abort?: boolean } = {},
): z.ZodType<T> {
  const keys = Object.keys(table).toSorted(compareText);
  return z.custom<T>((value) => typeof value === "string" && keys.includes(value), {
    abort,
    error: ({ input }) =>
      input === undefined
        ? `missing; choose one of ${keys.join(", ")}`
        : `${JSON.stringify(input)} is unknown; choose one of ${keys.join(", ")}`,
  });
}
