import { z } from "zod";
import { keysOf } from "../../components/lib/keys-of.ts";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import { dnsLabel } from "../../components/lib/stack/namespaces.ts";
import { count, fleet } from "./common.ts";

/** One model to serve, each field by itself. */
export const modelShape = z.strictObject({
  /** Name of its objects in the cluster, and the model name that clients send. */
  name: dnsLabel,
  /** Row of the catalogue. */
  model: keysOf(catalogue),
  /** GPUs of one replica; the tensor-parallel degree. */
  gpus: count,
  replicas: fleet,
  /** Longest sequence, prompt and answer together, tokens. */
  contextTokens: count,
});

export type ModelConfig = z.infer<typeof modelShape>;

/** One model to serve. */
export const modelSchema = modelShape.superRefine((model, context) => {
  for (const fault of modelFaults(model)) context.addIssue({ code: "custom", ...fault });
});

/** What the model itself forbids, whatever it runs on. */
function modelFaults(model: ModelConfig): { path: string[]; message: string }[] {
  const { shape } = catalogue[model.model];
  const faults: { path: string[]; message: string }[] = [];
  if (model.contextTokens > shape.nativeContextTokens) {
    faults.push({
      path: ["contextTokens"],
      message: `${model.contextTokens} is longer than the ${shape.nativeContextTokens} tokens ${model.model} was trained for; lower it`,
    });
  }
  if (shape.attentionHeads % model.gpus !== 0 || shape.keyValueHeads % model.gpus !== 0) {
    faults.push({
      path: ["gpus"],
      message: `${model.gpus} does not divide the ${shape.attentionHeads} attention heads and ${shape.keyValueHeads} key-value heads of ${model.model}; use 1, 2, 4 or 8`,
    });
  }
  return faults;
}
