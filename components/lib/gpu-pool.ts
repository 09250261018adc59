import type { Toleration } from "../cluster/gpu-cluster.ts";

/** Keeps everything that asks for no GPU away from GPU nodes. */
export const gpuTaint = { key: "nvidia.com/gpu", effect: "NoSchedule" } as const;

export const gpuToleration: Toleration = { ...gpuTaint, operator: "Exists" };

/** Which pool a node belongs to; set by this product on every node that it makes or adopts. */
export const poolLabel = "private-llm/pool";

/** Selects the nodes that models run on. */
export const gpuPoolSelector = { [poolLabel]: "gpu" } as const;

export const systemPoolSelector = { [poolLabel]: "system" } as const;
