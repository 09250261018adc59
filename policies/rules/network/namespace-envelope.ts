import { allowedRegion, beyond, inWords } from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { isNowhere } from "../../egress/sets/region.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { isInferenceNamespace } from "../../kubernetes/scope.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";

export const namespaceEnvelope: StackRule = {
  id: "E02",
  name: "namespace-envelope",
  level: "stack",
  description:
    "No pod of an inference namespace, whatever its labels and whoever makes it, can send more than the stack allows.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: {
    gdpr: ["5(1)(f)", "25", "32"],
    hipaa: ["164.312(e)(1)"],
    cis: ["5.3.2"],
    nsa: ["Net"],
  },
  remedy:
    'keep a NetworkPolicy with podSelector: {} and policyTypes: ["Ingress", "Egress"], and allow nothing beyond policies.allowedEgress to any pod of the namespace',
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    const allowed = allowedRegion(settings);
    return [...ownersByNamespace(graph, settings)].flatMap(([namespace, owner]): Violation[] => {
      const { region, because } = analysis.envelope(namespace);
      if (isNowhere(beyond(region, allowed))) return [];
      return because
        .filter(({ opens }) => !isNowhere(beyond(opens, allowed)))
        .map(({ object, path, reason, opens }) => ({
          resource: (object ?? owner).resource,
          path,
          problem: `${reason}; a pod of any labels in "${namespace}" may send to ${inWords(opens)}`,
        }));
    });
  },
};

/** Each inference namespace that can hold pods, with the object to report it at. */
function ownersByNamespace(graph: Graph, settings: Settings): ReadonlyMap<string, KubeObject> {
  const owners = new Map<string, KubeObject>();
  const declared = settings.inferenceNamespaces !== "every";
  for (const object of graph.objects) {
    const isNamespace = isKind(object, "Namespace");
    const name = isNamespace ? object.name : object.namespace;
    if (typeof name !== "string" || !isInferenceNamespace(name, settings)) continue;
    // Where every namespace counts, one that only holds, say, a ConfigMap owes nothing.
    if (!declared && !isNamespace) continue;
    const known = owners.get(name);
    const better = isNamespace || known === undefined || precedes(object, known);
    if (better && !(known !== undefined && isKind(known, "Namespace"))) owners.set(name, object);
  }
  return owners;
}

function precedes(a: KubeObject, b: KubeObject): boolean {
  return a.resource.urn < b.resource.urn;
}
