import { z } from "zod";
import { compareText } from "../../components/lib/compare-text.ts";
import type { GpuModel } from "../../components/lib/gpus.ts";
import { gpuFacts } from "../../components/lib/gpus.ts";

/** Keys of a table as a schema, so that a new row is accepted without touching it. */
export function keysOf<T extends string>(table: Readonly<Record<T, unknown>>): z.ZodType<T> {
  const keys = Object.keys(table).toSorted(compareText);
  return z.custom<T>((value) => typeof value === "string" && keys.includes(value), {
    error: ({ input }) =>
      input === undefined
        ? `missing; choose one of ${keys.join(", ")}`
        : `${JSON.stringify(input)} is unknown; choose one of ${keys.join(", ")}`,
  });
}

export const gpuModel = keysOf<GpuModel>(gpuFacts);

/** A positive whole number. */
export const count = z.int().positive();

/** Nodes or replicas; beyond this a stack is too large for the engine, and is split by life cycle. */
export const fleet = count.max(200, "is more than the 200 that one stack holds; split the stack");

/** `Pulumi.yaml` gives absent objects as `{}`, so that the engine does not demand them in every layer. */
export const absentObject = z.strictObject({}, "belongs to layer platform; remove it");
