import { type BlockTimes, blockTimes } from "../../components/cluster/eks/capacity-block.ts";
import { dayOf } from "../../components/lib/day.ts";
import { eksSchema } from "./cluster-layer.ts";

/**
 * What is true of a cluster's GPUs on this day and not on every day: a Capacity Block that has not begun, will
 * end, or has ended. No fault, since the stack may be prepared before.
 * @param cluster the stack file's `cluster`; of any other kind, nothing is said
 * @param today day as `2026-12-31`
 */
export function capacityNotices(cluster: unknown, today: string): readonly string[] {
  const eks = eksSchema.safeParse(cluster);
  if (!eks.success) return [];
  const { gpuPools } = eks.data;
  return blockTimes(gpuPools).map((block) => {
    const running = gpuPools.some(({ name, count }) => name === block.pool && count > 0);
    return `gpuPools "${block.pool}": Capacity Block ${block.reservationId} ${state(block, running, today)}`;
  });
}

function state({ starts, ends, nodesLeave }: BlockTimes, running: boolean, today: string): string {
  const [first, last] = [dayOf(new Date(starts)), dayOf(new Date(ends))];
  if (today > last) {
    return `ended ${ends}, so none of its nodes are left; name the next block, or remove the pool`;
  }
  if (today < first) {
    const until = `begins ${starts}, in ${daysFrom(today, first)}, and no node starts before`;
    return running ? `${until}; set count: 0 until then, or the deployment waits in vain` : until;
  }
  const end = `ends ${ends}, in ${daysFrom(today, last)}; EKS takes its nodes down from ${nodesLeave} on, so move traffic before`;
  return running ? end : `${end}. count is 0: set the nodes that shall run`;
}

function daysFrom(day: string, later: string): string {
  const days = (new Date(later).getTime() - new Date(day).getTime()) / 86_400_000;
  return `${days} ${days === 1 ? "day" : "days"}`;
}
