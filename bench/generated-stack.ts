import { stringify } from "yaml";

/** Resources that one more model adds to a local stack, its volume, edges and monitoring included. */
const resourcesPerModel = 15;
/** Resources of a local stack beside its models and nodes, its admission policies included. */
const baseResources = 50;

/** GPUs of one model, the fewest that it fits, and of one node. */
const gpus = 4;
const gpusPerNode = 8;

/** A local stack of about `resources` resources: many models, and the nodes to hold them. */
export function generatedStack(resources: number): string {
  const perModel = resourcesPerModel + gpus / gpusPerNode;
  const models = Math.max(1, Math.round((resources - baseResources) / perModel));
  return stringify({
    config: {
      "pulumi:disable-default-providers": ["*"],
      "private-llm:layer": "platform",
      "private-llm:registry": { host: "registry.bench.example.internal" },
      "private-llm:cluster": {
        kind: "local",
        context: "private-llm-bench",
        network: {
          podCidr: "10.244.0.0/16",
          serviceCidr: "10.96.0.0/16",
          nodeCidr: "10.10.0.0/16",
          cni: "none",
        },
        nodes: {
          gpu: "a100-sxm-80gb",
          gpusPerNode,
          count: Math.ceil((models * gpus) / gpusPerNode),
        },
      },
      "private-llm:gpuOperator": { kind: "existing" },
      "private-llm:monitoring": { kind: "existing" },
      "private-llm:models": Array.from({ length: models }, (_, index) => ({
        name: `model-${index + 1}`,
        model: "llama-3-70b-instruct",
        gpus,
        replicas: 1,
        contextTokens: 8192,
        load: { concurrency: 32, inputTokens: 1280, outputTokens: 256 },
      })),
    },
  });
}
