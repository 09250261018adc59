import { z } from "zod";
import type { GpuModel } from "../../components/lib/gpus.ts";
import { gpuFacts } from "../../components/lib/gpus.ts";
import { keysOf } from "../../components/lib/keys-of.ts";

export const gpuModel = keysOf<GpuModel>(gpuFacts);

/** A positive whole number. */
export const count = z.int().positive();

/** Nodes or replicas; beyond this a stack is too large for the engine, and is split by life cycle. */
export const fleet = count.max(200, "is more than the 200 that one stack holds; split the stack");

/** `Pulumi.yaml` gives absent objects as `{}`, so that the engine does not demand them in every layer. */
export const absentObject = z.strictObject({}, "belongs to layer platform; remove it");
