import { z } from "zod";
import { phaseNames } from "./phases.ts";
import { dataClasses } from "./task-class.ts";

/** What the route controller says is in force, and which proxies have it. */

const reference = z.strictObject({ sequence: z.number(), hash: z.string() });

/** What became of the override; `record` is the one it names, where it could be read. */
export const overrideStateSchema = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("none"), record: reference.nullable() }),
  z.strictObject({ state: z.literal("in-force"), record: reference }),
  z.strictObject({ state: z.literal("void"), record: reference.nullable(), reason: z.string() }),
]);

export type OverrideState = z.infer<typeof overrideStateSchema>;

const replica = z.strictObject({
  /** Pod of the proxy. */
  node: z.string(),
  /** Which of the proxies, such as `gateway`. */
  proxy: z.string(),
  /** Routes that it accepted last. `null`: none yet. */
  version: z.string().nullable(),
  /** When it first said so. `null`: it never said anything to this controller. */
  seen: z.string().nullable(),
});

export type Replica = z.infer<typeof replica>;

export const statusSchema = z.strictObject({
  version: z.literal(1),
  /** RFC 3339, UTC; written again every half minute, so an old one means that nobody is at work. */
  time: z.string(),
  /** Hash of the desired routes in use. `null`: there never were any. */
  desiredHash: z.string().nullable(),
  /** Why the desired routes of the cluster are not the ones in use. `null`: they are. */
  desiredFault: z.string().nullable(),
  override: overrideStateSchema,
  /** Version of the routes that proxies are offered. `null`: there are none. */
  routesVersion: z.string().nullable(),
  /** Shares in force by class, percent, whichever proxy serves it. */
  classes: z.record(
    z.string(),
    z.strictObject({
      dataClass: z.enum(dataClasses),
      phase: z.enum(phaseNames).nullable(),
      weights: z.record(z.string(), z.number()),
      overridden: z.boolean(),
    }),
  ),
  /** Proxies that ask for routes, and those that clients may be sent to and that do not. */
  replicas: z.array(replica),
});

export type GatewayStatus = z.infer<typeof statusSchema>;
