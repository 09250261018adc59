import type { Workload } from "../read/workloads.ts";
import type { Neighbour } from "./neighbours.ts";

/** A workload at which the search ends, since its own way out is known and wanted. */
export interface Relay {
  readonly namespace: string;
  readonly name: string;
}

export interface Reached {
  readonly workload: Workload;
  /** Keys of the workloads on the shortest way, the start first and this one left out. */
  readonly via: readonly string[];
  /** Whether it is a declared relay, so that nothing behind it was looked at. */
  readonly relay: boolean;
}

/** Everything that data can get to by way of other workloads, the nearest first; the start is left out. */
export function closureOf(
  start: Workload,
  neighboursOf: (from: Workload) => readonly Neighbour[],
  relays: readonly Relay[],
): readonly Reached[] {
  const reached = new Map<Workload, Reached>();
  const queue: { readonly workload: Workload; readonly via: readonly string[] }[] = [
    { workload: start, via: [] },
  ];
  for (const { workload, via } of queue) {
    const here = [...via, workload.key];
    for (const { workload: next } of neighboursOf(workload)) {
      if (next === start || reached.has(next)) continue;
      const relay = isRelay(next, relays);
      reached.set(next, { workload: next, via: here, relay });
      if (!relay) queue.push({ workload: next, via: here });
    }
  }
  return [...reached.values()];
}

function isRelay({ namespace, object }: Workload, relays: readonly Relay[]): boolean {
  return relays.some((relay) => relay.namespace === namespace && relay.name === object.name);
}
