import { createHash } from "node:crypto";
import { graphOf } from "../model/graph.ts";
import type { Resource } from "../model/resource.ts";
import type { Graph } from "../model/rule.ts";
import { unknown } from "../model/value.ts";

/**
 * Keeps the last graph, so that all stack policies of one preview share one analysis. The engine hands
 * the same resources to each policy as new objects, and nothing says which preview they belong to: so it
 * is their content that decides.
 */
export function keptGraph(): (resources: readonly Resource[]) => Graph {
  let kept: { readonly digest: string; readonly graph: Graph } | undefined;
  return (resources) => {
    const digest = digestOf(resources);
    if (kept?.digest !== digest) kept = { digest, graph: graphOf(resources) };
    return kept.graph;
  };
}

function digestOf(resources: readonly Resource[]): string {
  const hash = createHash("sha256");
  for (const resource of resources) hash.update(JSON.stringify(resource, markUnknown));
  return hash.digest("hex");
}

/** JSON knows no symbols, and a graph with an unknown is another one than a graph without the field. */
function markUnknown(_: string, value: unknown): unknown {
  return value === unknown ? { "": "unknown" } : value;
}
