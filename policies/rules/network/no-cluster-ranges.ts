import { analysisOf } from "../../egress/of-graph.ts";
import { inferenceRules } from "../../egress/policy-rules.ts";
import { type Addresses, addressesMeet, block } from "../../egress/sets/addresses.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";

export const noClusterRanges: StackRule = {
  id: "E10",
  name: "no-cluster-ranges",
  level: "stack",
  description:
    "No block of addresses in a policy of an inference namespace meets the ranges of pods, Services or nodes, where plugins differ in what it means.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy: "name pods by namespace and labels, and keep blocks to addresses outside the cluster",
  check: (graph, settings) => {
    // Without declared ranges no stack allows a block at all, and E01 refuses each.
    const ranges = rangesOf(settings);
    const analysis = analysisOf(graph, settings);
    return (["Egress", "Ingress"] as const).flatMap((direction) =>
      inferenceRules(analysis, settings, direction).flatMap(({ policy, rule }) => {
        if (rule.peers === "all") return [];
        return rule.peers.flatMap((peer): Violation[] => {
          if (peer.kind !== "addresses") return [];
          return ranges
            .filter(({ addresses }) => addressesMeet(addresses, peer.addresses))
            .map(({ name, cidr }) => ({
              resource: policy.object.resource,
              path: `${peer.path}.ipBlock.cidr`,
              problem: `meets the ${name} ${cidr}`,
            }));
        });
      }),
    );
  },
};

function rangesOf({ network }: Settings): readonly {
  readonly name: string;
  readonly cidr: string;
  readonly addresses: Addresses;
}[] {
  if (network === undefined) return [];
  return [
    { name: "pod range", cidr: network.podCidr },
    { name: "Service range", cidr: network.serviceCidr },
    { name: "node range", cidr: network.nodeCidr },
  ].map((range) => ({ ...range, addresses: block(range.cidr) }));
}
