import type { GpuPoolArgs } from "./gpu-pool-args.ts";

/** A Capacity Block as its users plan with it; moments in UTC. */
export interface BlockTimes {
  readonly pool: string;
  readonly reservationId: string;
  readonly starts: string;
  readonly ends: string;
  /** From here on EKS takes the nodes down: whatever answers on them has to answer elsewhere before. */
  readonly nodesLeave: string;
}

/** EKS scales the pool to none so long before the end; EC2 ends what is left ten minutes later. Source: EKS user guide, 2026-11. */
const minutesBeforeEnd = 40;

/** The pools that run in Capacity Blocks. */
export function blockTimes(pools: readonly GpuPoolArgs[]): readonly BlockTimes[] {
  return pools.flatMap(({ name, capacity }) => {
    if (capacity?.kind !== "capacity-block") return [];
    const { reservationId, starts, ends } = capacity;
    return [{ pool: name, reservationId, starts, ends, nodesLeave: leaveBefore(ends) }];
  });
}

function leaveBefore(ends: string): string {
  const leave = new Date(new Date(ends).getTime() - minutesBeforeEnd * 60_000);
  return leave.toISOString().replace(".000Z", "Z");
}
