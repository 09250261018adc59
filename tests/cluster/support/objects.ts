/** A node as the platform simulates it: 8 GPUs, tainted, for kwok. */
export const gpuNode = JSON.stringify({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: "gpu-0",
    labels: { "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-80GB" },
    annotations: { "kwok.x-k8s.io/node": "fake" },
  },
  spec: { taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] },
  status: {
    capacity: { cpu: "96", memory: "1152Gi", pods: "110", "nvidia.com/gpu": "8" },
    allocatable: { cpu: "96", memory: "1152Gi", pods: "110", "nvidia.com/gpu": "8" },
  },
});

/** Pods of 4 GPUs each. */
export function gpuPods(count: number): string {
  const pods = Array.from({ length: count }, (_, i) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `model-${i}`, labels: { app: "model" } },
    spec: {
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
      containers: [
        {
          name: "engine",
          image: "registry.example/m",
          resources: { limits: { "nvidia.com/gpu": 4 } },
        },
      ],
    },
  }));
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: pods });
}

export function podMonitor(spec: object): string {
  return JSON.stringify({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: "engine" },
    spec,
  });
}
