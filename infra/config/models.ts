import { z } from "zod";
import type { Catalogue } from "../../components/lib/models/catalogue.ts";
import { dnsLabel } from "../../components/lib/stack/namespaces.ts";
import { chosenModel } from "./chosen-model.ts";
import { count, fleet } from "./common.ts";

/** One model to serve, each field by itself. */
export function modelShapeOf(known: Catalogue) {
  return z.strictObject({
    /** Name of its objects in the cluster, and the model name that clients send. */
    name: dnsLabel,
    /** Row of the catalogue. */
    model: chosenModel(known),
    /** GPUs of one replica; the tensor-parallel degree. */
    gpus: count,
    replicas: fleet,
    /** Longest sequence, prompt and answer together, tokens. */
    contextTokens: count,
  });
}

export type ModelConfig = z.infer<ReturnType<typeof modelShapeOf>>;

/** One model to serve. */
export function modelSchemaOf(known: Catalogue) {
  return modelShapeOf(known).superRefine((model, context) => {
    for (const fault of modelFaults(model)) context.addIssue({ code: "custom", ...fault });
  });
}

/** What the model itself forbids, whatever it runs on. */
function modelFaults(model: ModelConfig): { path: string[]; message: string }[] {
  const { id, shape } = model.model;
  const faults: { path: string[]; message: string }[] = [];
  if (model.contextTokens > shape.nativeContextTokens) {
    faults.push({
      path: ["contextTokens"],
      message: `${model.contextTokens} is longer than the ${shape.nativeContextTokens} tokens ${id} was trained for; lower it`,
    });
  }
  if (shape.attentionHeads % model.gpus !== 0 || shape.keyValueHeads % model.gpus !== 0) {
    faults.push({
      path: ["gpus"],
      message: `${model.gpus} does not divide the ${shape.attentionHeads} attention heads and ${shape.keyValueHeads} key-value heads of ${id}; use 1, 2, 4 or 8`,
    });
  }
  return faults;
}
