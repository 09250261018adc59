import { z } from "zod";
import { type GpuModel, gpuFacts } from "../../components/lib/gpus.ts";
import {
  cachePrecisionSchema,
  loadSchema,
  precisionSchema,
} from "../../components/lib/stack/serving.ts";
import type { Serving } from "../model/settings.ts";

const count = z.int().positive();

/** Models and GPUs as far as rules need them; the program's own schema knows more of both. */
export const servingSchema = z.object({
  cluster: z
    .object({
      nodes: z.object({ gpu: z.string() }).optional(),
      hosts: z.array(z.object({ gpu: z.object({ model: z.string() }).optional() })).optional(),
    })
    .prefault({}),
  models: z
    .array(
      z.object({
        name: z.string(),
        model: z.string(),
        precision: precisionSchema.default("bf16"),
        cachePrecision: cachePrecisionSchema.default("bf16"),
        gpus: count,
        contextTokens: count,
        load: loadSchema,
      }),
    )
    .default([]),
});

export function servingOf({ cluster, models }: z.infer<typeof servingSchema>): Serving {
  const named =
    cluster.nodes?.gpu ?? cluster.hosts?.find(({ gpu }) => gpu !== undefined)?.gpu?.model;
  return { gpu: named !== undefined && isGpuModel(named) ? named : undefined, models };
}

function isGpuModel(name: string): name is GpuModel {
  return Object.hasOwn(gpuFacts, name);
}
