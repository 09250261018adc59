import { z } from "zod";
import { modelFacts } from "../../components/lib/models.ts";
import { dnsLabel } from "../../components/lib/stack/namespaces.ts";
import { count, fleet, keysOf } from "./common.ts";

/** One model to serve, each field by itself. */
export const modelShape = z.strictObject({
  /** Name of its objects in the cluster, and the model name that clients send. */
  name: dnsLabel,
  /** Row of the catalogue. */
  model: keysOf(modelFacts),
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
  const facts = modelFacts[model.model];
  const faults: { path: string[]; message: string }[] = [];
  if (model.contextTokens > facts.nativeContextTokens) {
    faults.push({
      path: ["contextTokens"],
      message: `${model.contextTokens} is longer than the ${facts.nativeContextTokens} tokens ${model.model} was trained for; lower it`,
    });
  }
  if (facts.attentionHeads % model.gpus !== 0 || facts.keyValueHeads % model.gpus !== 0) {
    faults.push({
      path: ["gpus"],
      message: `${model.gpus} does not divide the ${facts.attentionHeads} attention heads and ${facts.keyValueHeads} key-value heads of ${model.model}; use 1, 2, 4 or 8`,
    });
  }
  return faults;
}
