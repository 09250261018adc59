import { z } from "zod";
import { engineNames } from "../../components/engines/engines.ts";
import { gpuMemoryUtilization } from "../../components/lib/engine-limits.ts";
import type { FitQuestion } from "../../components/lib/fit/question.ts";
import { modelFaults } from "../../components/lib/fit/rules.ts";
import { dnsLabel } from "../../components/lib/stack/namespaces.ts";
import {
  cachePrecisionSchema,
  loadSchema,
  precisionSchema,
} from "../../components/lib/stack/serving.ts";
import { chosenModel, type KnownModels } from "./chosen-model.ts";
import { count, fleet } from "./common.ts";

/** One model to serve, each field by itself. */
export function modelShapeOf(known: KnownModels) {
  return z.strictObject({
    /** Name of its objects in the cluster, and the model name that clients send. */
    name: dnsLabel,
    /** Row of the catalogue. */
    model: chosenModel(known),
    /** What serves it. */
    engine: z.enum(engineNames).default("vllm"),
    /** Further words of its command line, `--flag=value` each. */
    extraArgs: z.array(z.string()).default([]),
    /** How the weights are stored; decides which checkpoint is served. */
    precision: precisionSchema.default("bf16"),
    /** How the KV cache is stored. */
    cachePrecision: cachePrecisionSchema.default("bf16"),
    /** Whether the engine reuses what it computed for the beginning of a prompt, within a team. */
    prefixCache: z.boolean().default(false),
    /** GPUs of one replica; the tensor-parallel degree. */
    gpus: count,
    /** With `autoscaling`, those that run while nobody knows how many requests wait. */
    replicas: fleet,
    autoscaling: z
      .strictObject({
        minReplicas: fleet,
        maxReplicas: fleet,
        /** Requests that may wait for each replica before one more is started. */
        waitingPerReplica: count,
      })
      .refine(({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas, {
        path: ["minReplicas"],
        message: "is more than maxReplicas; lower one or raise the other",
      })
      .exactOptional(),
    /** Longest sequence, prompt and answer together, tokens. */
    contextTokens: count,
    /** What one replica carries at once. */
    load: loadSchema,
  });
}

export type ModelConfig = z.infer<ReturnType<typeof modelShapeOf>>;

/** One model to serve. */
export function modelSchemaOf(known: KnownModels) {
  return modelShapeOf(known).superRefine((model, context) => {
    const { autoscaling, replicas } = model;
    if (autoscaling !== undefined) {
      const { minReplicas, maxReplicas } = autoscaling;
      if (replicas < minReplicas || replicas > maxReplicas) {
        const message = `${replicas} is not within autoscaling, ${minReplicas} to ${maxReplicas}; replicas is what runs while Prometheus gives no number`;
        context.addIssue({ code: "custom", path: ["replicas"], message });
      }
    }
    for (const { field, message } of modelFaults(askedOf(model))) {
      context.addIssue({ code: "custom", path: [field], message });
    }
  });
}

/** What a model asks of the GPUs that it runs on. */
export function askedOf(model: ModelConfig): Omit<FitQuestion, "gpu" | "gpusPerNode"> {
  const { precision, cachePrecision, gpus, contextTokens, load } = model;
  const { id, shape, repository, checkpoints } = model.model;
  return {
    model: id,
    shape,
    precision,
    checkpoints: { bf16: repository, ...checkpoints },
    cachePrecision,
    utilization: gpuMemoryUtilization,
    gpus,
    contextTokens,
    load,
  };
}
