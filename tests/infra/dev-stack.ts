type Fields = Record<string, unknown>;

type StackFields = {
  layer: string;
  registry: Fields;
  cluster: Fields & { network: Fields; nodes?: Fields };
  namespaces: Fields;
  charts: Fields;
  gpuOperator: Fields;
  monitoring: Fields;
  access: Fields;
  models: Fields[];
};

/** Configuration of a sound local platform stack, without the project's prefix; tests break one field of a copy. */
export function devStack(): StackFields {
  return {
    layer: "platform",
    registry: { host: "registry.example.internal" },
    cluster: {
      kind: "local",
      context: "private-llm-test",
      network: {
        podCidr: "10.244.0.0/16",
        serviceCidr: "10.96.0.0/16",
        nodeCidr: "10.10.0.0/16",
        cni: "none",
      },
      nodes: { gpu: "a100-sxm-80gb", gpusPerNode: 8, count: 2 },
    },
    namespaces: {},
    charts: {},
    gpuOperator: { kind: "existing" },
    monitoring: { kind: "existing" },
    access: {},
    models: [
      {
        name: "llama-3-70b",
        model: "llama-3-70b-instruct",
        gpus: 8,
        replicas: 1,
        contextTokens: 8192,
        load: { concurrency: 32, inputTokens: 1280, outputTokens: 256 },
      },
    ],
  };
}
