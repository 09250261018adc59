import { namespaceName } from "../../../components/lib/labels.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { inferenceRules, namedNamespaces } from "../../egress/policy-rules.ts";
import type { StackRule, Violation } from "../../model/rule.ts";

export const immutablePeers: StackRule = {
  id: "E11",
  name: "immutable-peers",
  level: "stack",
  description:
    "A policy of an inference namespace names other namespaces by kubernetes.io/metadata.name alone, the one label that nobody can give to a namespace of his own.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy: `select the namespace by matchLabels: {"${namespaceName}": NAME}`,
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    return (["Egress", "Ingress"] as const).flatMap((direction) =>
      inferenceRules(analysis, settings, direction).flatMap(({ policy, rule }) => {
        if (rule.peers === "all") return [];
        return rule.peers.flatMap((peer): Violation[] => {
          if (peer.kind !== "pods" || peer.namespaces === undefined) return [];
          if (namedNamespaces(peer.namespaces) !== undefined) return [];
          const problem =
            peer.namespaces.requirements.length === 0
              ? "selects every namespace"
              : "selects namespaces by labels that whoever owns a namespace can set";
          return [
            { resource: policy.object.resource, path: `${peer.path}.namespaceSelector`, problem },
          ];
        });
      }),
    );
  },
};
