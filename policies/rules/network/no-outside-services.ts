import type { Analysis } from "../../egress/analyze.ts";
import { inferenceWorkloads } from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { isNowhere } from "../../egress/sets/region.ts";
import { inInference } from "../../kubernetes/scope.ts";
import type { StackRule } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { violation } from "../../model/violation.ts";

export const noOutsideServices: StackRule = {
  id: "E13",
  name: "no-outside-services",
  level: "stack",
  description:
    "No Service that an inference workload can reach leads out of the cluster: no ExternalName, no external IPs, no endpoints that somebody wrote.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy: "let the Service select pods by labels, and remove the outside address",
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    const reached = reachedNamespaces(analysis, settings);
    return analysis.outside
      .filter(
        ({ object }) =>
          reached === "every" ||
          inInference(object, settings) ||
          typeof object.namespace !== "string" ||
          reached.has(object.namespace),
      )
      .map(({ object, field, reason }) => violation(object, field, reason));
  },
};

/** Namespaces whose Services matter: those with pods that inference reaches, all where it may go out. */
function reachedNamespaces(analysis: Analysis, settings: Settings): ReadonlySet<string> | "every" {
  const namespaces = new Set<string>();
  for (const workload of inferenceWorkloads(analysis, settings)) {
    if (!isNowhere(analysis.external(workload).region)) return "every";
    for (const { workload: next } of analysis.neighbours(workload)) {
      if (typeof next.namespace === "string") namespaces.add(next.namespace);
    }
  }
  return namespaces;
}
