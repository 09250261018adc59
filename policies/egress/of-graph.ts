import { onceEach } from "../model/once-each.ts";
import type { Graph } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { type Analysis, type AnalysisOptions, analyze } from "./analyze.ts";
import { profileOf } from "./profiles.ts";

/** How the analysis has to be made for a stack. */
export function analysisOptions({ network, clusterKind, policies }: Settings): AnalysisOptions {
  const relays = policies.trustedRelays;
  if (network === undefined) return { relays };
  return { network, profile: profileOf(network.cni, clusterKind), relays };
}

const byGraph = onceEach((graph: Graph) =>
  onceEach((settings: Settings) => analyze(graph.objects, analysisOptions(settings))),
);

/** The one analysis of a graph, which many rules read. */
export function analysisOf(graph: Graph, settings: Settings): Analysis {
  return byGraph(graph)(settings);
}
