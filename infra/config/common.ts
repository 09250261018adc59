import { z } from "zod";
import type { GpuModel } from "../../components/lib/gpus.ts";
import { gpuFacts } from "../../components/lib/gpus.ts";
import { keysOf } from "../../components/lib/keys-of.ts";

export const gpuModel = keysOf<GpuModel>(gpuFacts);

/** A positive whole number. */
export const count = z.int().positive();

/** Beyond this a stack is too large for the engine, and is split by life cycle. */
const most = 200;
const tooMany = `is more than the ${most} that one stack holds; split the stack`;

/** Nodes or replicas. */
export const fleet = count.max(most, tooMany);

/** The same, where there may be none for a time. */
export const noneOrFleet = z.int().nonnegative().max(most, tooMany);

/** `Pulumi.yaml` gives absent objects as `{}`, so that the engine does not demand them in every layer. */
export const absentObject = z.strictObject({}, "belongs to layer platform; remove it");
