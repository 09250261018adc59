/** Configuration of a sound local platform stack, without the project's prefix; tests break one field of a copy. */
export function devStack() {
  return {
    layer: "platform",
    registry: { host: "registry.example.internal" } as Record<string, unknown>,
    cluster: {
      kind: "local",
      context: "private-llm-test",
      network: {
        podCidr: "10.244.0.0/16",
        serviceCidr: "10.96.0.0/16",
        nodeCidr: "10.10.0.0/16",
        cni: "none",
      } as Record<string, unknown>,
      nodes: { gpu: "a100-sxm-80gb", gpusPerNode: 8, count: 2 } as Record<string, unknown>,
    } as Record<string, unknown> & { network: Record<string, unknown>; nodes: Record<string, unknown> },
    namespaces: {} as Record<string, unknown>,
    charts: {} as Record<string, unknown>,
    gpuOperator: { kind: "existing" } as Record<string, unknown>,
    monitoring: { kind: "existing" } as Record<string, unknown>,
    models: [
      {
        name: "llama-3-70b",
        model: "llama-3-70b-instruct",
        gpus: 8,
        replicas: 1,
        contextTokens: 8192,
      },
    ] as Record<string, unknown>[],
  };
}
