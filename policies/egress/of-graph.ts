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

const made = new WeakMap<Graph, WeakMap<Settings, Analysis>>();

/** The one analysis of a graph, which many rules read. */
export function analysisOf(graph: Graph, settings: Settings): Analysis {
  const bySettings = made.get(graph) ?? new WeakMap<Settings, Analysis>();
  made.set(graph, bySettings);
  const known = bySettings.get(settings);
  if (known !== undefined) return known;
  const analysis = analyze(graph.objects, analysisOptions(settings));
  bySettings.set(settings, analysis);
  return analysis;
}
