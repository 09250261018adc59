import { analysisOf } from "../../egress/of-graph.ts";
import { inferenceRules, namedNamespaces, type PolicyRule } from "../../egress/policy-rules.ts";
import type { Peer } from "../../egress/read/network-policy-rule.ts";
import {
  type Addresses,
  addressesHold,
  block,
  noAddress,
  uniteAddresses,
} from "../../egress/sets/addresses.ts";
import { holdsPort, isNoPorts, portsOf, subtractPorts } from "../../egress/sets/ports.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";

const dnsPort = 53;

/** The ports of DNS; whatever else a rule opens beside them is more than names. */
const dnsPorts = portsOf([
  { protocol: "TCP", fromPort: dnsPort, toPort: dnsPort },
  { protocol: "UDP", fromPort: dnsPort, toPort: dnsPort },
]);

export const pinnedResolver: StackRule = {
  id: "E06",
  name: "pinned-resolver",
  level: "stack",
  description:
    "Where an inference workload may ask for names at all, it asks the pods of one resolver, named by namespace and label, on port 53 alone.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(e)(1)"] },
  remedy:
    "remove the rule, since the engine needs no names; or name the resolver by kubernetes.io/metadata.name and pod labels, and allow TCP and UDP 53 alone",
  check: (graph, settings) => {
    const resolvers = privateResolvers(settings);
    return inferenceRules(analysisOf(graph, settings), settings, "Egress")
      .filter(
        ({ rule }) =>
          holdsPort(rule.ports, "UDP", dnsPort) || holdsPort(rule.ports, "TCP", dnsPort),
      )
      .flatMap((each) => check(each, resolvers));
  },
};

function privateResolvers({ policies }: Settings): Addresses {
  const blocks = policies.privateResolvers.map((address) =>
    block(address.includes(":") ? `${address}/128` : `${address}/32`),
  );
  return blocks.length === 0 ? noAddress : uniteAddresses(blocks);
}

function check({ policy, rule }: PolicyRule, resolvers: Addresses): readonly Violation[] {
  const { resource } = policy.object;
  if (rule.peers === "all") {
    return [
      {
        resource,
        path: rule.path,
        problem: "allows port 53 of every address, which is enough for a tunnel",
      },
    ];
  }
  const more = !isNoPorts(subtractPorts(rule.ports, dnsPorts));
  return rule.peers.flatMap((peer): Violation[] => {
    const problem = peerFault(peer, resolvers);
    if (problem !== undefined) return [{ resource, path: peer.path, problem }];
    // A rule to pods of the namespace itself is no matter of names.
    if (!more || peer.kind !== "pods" || peer.namespaces === undefined) return [];
    return [
      { resource, path: `${rule.path}.ports`, problem: "opens more of the resolver than port 53" },
    ];
  });
}

function peerFault(peer: Peer, resolvers: Addresses): string | undefined {
  if (peer.kind === "addresses") {
    return addressesHold(resolvers, peer.addresses)
      ? undefined
      : "allows port 53 of addresses that are not among policies.privateResolvers";
  }
  if (peer.pods.requirements.length === 0) return "allows port 53 of pods of any label";
  if (peer.namespaces === undefined) return undefined;
  return namedNamespaces(peer.namespaces) === undefined
    ? "allows port 53 of namespaces that it does not name by kubernetes.io/metadata.name"
    : undefined;
}
