import type { Toleration } from "../cluster/gpu-cluster.ts";

/** Keeps everything that asks for no GPU away from GPU nodes. */
export const gpuTaint = { key: "nvidia.com/gpu", effect: "NoSchedule" } as const;

export const gpuToleration: Toleration = { ...gpuTaint, operator: "Exists" };

/** Sends the pods of a node away that is to be emptied, and keeps others from it. */
export const drainTaint = { key: "private-llm/drain", effect: "NoExecute" } as const;

/** For what has to be on a node before it takes pods, or until the last of them has gone. */
export const drainToleration = { ...drainTaint, operator: "Exists" } as const;

/** Which pool a node belongs to; set by this product on every node that it makes or adopts. */
export const poolLabel = "private-llm/pool";

/** Selects the nodes that models run on. */
export const gpuPoolSelector = { [poolLabel]: "gpu" } as const;

export const systemPoolSelector = { [poolLabel]: "system" } as const;
