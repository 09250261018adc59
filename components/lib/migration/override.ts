import { z } from "zod";
import { hashOf } from "./canonical.ts";
import { phaseNames } from "./phases.ts";

/** A change of traffic that is in force beside the stack, and the record that proves who made it. */

const hash = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");
const shares = z.record(z.string(), z.int().min(0).max(100));

/** What `traffic` writes and Pulumi never touches. */
export const overrideSchema = z.strictObject({
  version: z.literal(1),
  /** Desired routes that it was made against; it is void beside any others. */
  desiredHash: hash,
  /** Shares in force by class and backend, percent; classes not named follow the stack. */
  classes: z.record(
    z.string(),
    z.strictObject({ phase: z.enum(phaseNames).nullable(), weights: shares }),
  ),
  /** The last record of the chain at the time of writing. */
  record: z.strictObject({ sequence: z.int().positive(), hash }),
});

export type Override = z.infer<typeof overrideSchema>;

/** One change, who made it and why; each names the hash of the one before. */
export const recordSchema = z.strictObject({
  version: z.literal(1),
  sequence: z.int().positive(),
  /** Hash of the record before. `null`: the first of all. */
  previous: hash.nullable(),
  /** RFC 3339, UTC. */
  time: z.string(),
  /** As the API server authenticated them. */
  user: z.string(),
  reason: z.string(),
  action: z.enum(["set", "promote", "rollback", "clear"]),
  desiredHash: hash,
  /** The override as it is after this change, without its reference to this record. */
  classes: overrideSchema.shape.classes,
  /** Shares by class before and after, percent. */
  before: z.record(z.string(), shares),
  after: z.record(z.string(), shares),
  /** Values of the promotion gates at the time. `null`: none were read. */
  gates: z.record(z.string(), z.unknown()).nullable(),
});

export type TrafficRecord = z.infer<typeof recordSchema>;

/** What the next record names as `previous`. */
export function recordHash(record: TrafficRecord): string {
  return hashOf(record);
}
