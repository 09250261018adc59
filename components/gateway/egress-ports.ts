import { compareText } from "../lib/compare-text.ts";
import { ports } from "./names.ts";

/**
 * Listener of the egress gateway for each external cluster. A port of its own says which provider and model
 * is meant, so nothing that a client sends can.
 * @param clusters names as `externalCluster` makes them; order and repetition do not matter
 */
export function egressPorts(clusters: Iterable<string>): ReadonlyMap<string, number> {
  const sorted = [...new Set(clusters)].toSorted(compareText);
  return new Map(sorted.map((cluster, index) => [cluster, ports.egress + index]));
}
