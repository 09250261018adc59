import { createHash } from "node:crypto";
import { ports } from "./names.ts";

/** Ports above the first; all below those that systems give to clients. */
const room = 20_000;

/**
 * Listener of the egress gateway for each external cluster. A port of its own says which provider and model
 * is meant, so nothing that a client sends can. It follows from the name alone: were it a place in a list, a
 * provider more would move the others, and while pods roll a request would reach a listener with the key of
 * another provider.
 * @param clusters names as `externalCluster` makes them; order and repetition do not matter
 * @throws Error naming two clusters that would share a port
 */
export function egressPorts(clusters: Iterable<string>): ReadonlyMap<string, number> {
  const taken = new Map<number, string>();
  for (const cluster of new Set(clusters)) {
    const port = portOf(cluster);
    const other = taken.get(port);
    if (other !== undefined) {
      throw new Error(
        `${other} and ${cluster} would share port ${port}; give one of the providers another name`,
      );
    }
    taken.set(port, cluster);
  }
  return new Map([...taken].map(([port, cluster]) => [cluster, port]));
}

function portOf(cluster: string): number {
  return ports.egress + (createHash("sha256").update(cluster).digest().readUInt32BE(0) % room);
}
