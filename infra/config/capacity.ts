import type { Fault } from "./faults.ts";
import type { ModelConfig } from "./models.ts";

/** GPU nodes as far as placing replicas goes. */
export interface Pool {
  readonly gpusPerNode: number;
  /** Number of nodes. */
  readonly count: number;
}

/**
 * Models that no node, or not all nodes together, can hold. A replica never spans nodes.
 * @param spareGpus whether the stack says that the pool has room for one replica more during a change
 */
export function capacityFaults(
  models: readonly ModelConfig[],
  pool: Pool,
  spareGpus = false,
): Fault[] {
  const faults: Fault[] = [];
  for (const [index, model] of models.entries()) {
    if (models.findIndex((other) => other.name === model.name) !== index) {
      faults.push({
        path: ["models", index, "name"],
        message: `${model.name} is used twice; names must differ`,
      });
    }
    if (model.gpus > pool.gpusPerNode) {
      faults.push({
        path: ["models", index, "gpus"],
        message: `${model.gpus} GPUs per replica, but no node has more than ${pool.gpusPerNode}, and a replica never spans nodes; lower gpus, choose larger nodes, or store the weights in fewer bits (precision)`,
      });
    }
  }
  const placeable = models.filter((model) => model.gpus <= pool.gpusPerNode);
  const homeless = unplaced(placed(placeable), pool);
  if (homeless > 0) {
    const wanted = placeable.reduce((sum, model) => sum + model.gpus * mostReplicas(model), 0);
    faults.push({
      path: ["models"],
      message: `the replicas want ${wanted} GPUs and ${homeless} of them find no room on ${pool.count} nodes of ${pool.gpusPerNode} GPUs; lower replicas, autoscaling.maxReplicas or gpus, or add nodes`,
    });
  }
  if (spareGpus && homeless === 0) faults.push(...surgeFaults(placeable, pool));
  return faults;
}

/** Models change one at a time, so room for one replica more of each, one after the other, is enough. */
function surgeFaults(models: readonly ModelConfig[], pool: Pool): Fault[] {
  const stuck = models.filter((model) => unplaced([...placed(models), model.gpus], pool) > 0);
  if (stuck.length === 0) return [];
  const names = stuck.map(({ name, gpus }) => `${name} (${gpus} GPUs)`).join(", ");
  return [
    {
      path: ["policies", "spareGpus"],
      message: `true, and ${pool.count} nodes of ${pool.gpusPerNode} GPUs have no room for one more replica of ${names}, so a change that adds a pod first would wait for ever; set it to false, or add nodes`,
    },
  ];
}

/** Replicas at most: those that an autoscaler may start need their GPUs as well. */
function mostReplicas({ replicas, autoscaling }: ModelConfig): number {
  return autoscaling?.maxReplicas ?? replicas;
}

/** GPUs of each replica. */
function placed(models: readonly ModelConfig[]): number[] {
  return models.flatMap((model) => Array.from({ length: mostReplicas(model) }, () => model.gpus));
}

/** First fit, largest first: exact here, since tensor-parallel degrees are powers of two. */
function unplaced(replicas: readonly number[], pool: Pool): number {
  const free = Array.from({ length: pool.count }, () => pool.gpusPerNode);
  let without = 0;
  for (const gpus of replicas.toSorted((a, b) => b - a)) {
    const node = free.findIndex((room) => room >= gpus);
    if (node === -1) without += 1;
    else free[node] = (free[node] ?? 0) - gpus;
  }
  return without;
}
