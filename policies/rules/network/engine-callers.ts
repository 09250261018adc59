import type { Analysis } from "../../egress/analyze.ts";
import { inferenceWorkloads, nameOf } from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { namedNamespaces } from "../../egress/policy-rules.ts";
import type { Peer, Rule } from "../../egress/read/network-policy-rule.ts";
import type { Workload } from "../../egress/read/workloads.ts";
import { isNoPorts, noPorts, subtractPorts, unitePorts } from "../../egress/sets/ports.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";

export const engineCallers: StackRule = {
  id: "E12",
  name: "engine-callers",
  level: "stack",
  description:
    "Only the gateway and Prometheus may open a connection to an inference workload, each on ports that its containers declare.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(a)(1)"] },
  remedy:
    "allow ingress from the namespaces of the gateway and of monitoring alone, on the ports of the engine",
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    return inferenceWorkloads(analysis, settings).flatMap((each) =>
      check(analysis, each, settings),
    );
  },
};

function check(analysis: Analysis, workload: Workload, settings: Settings): readonly Violation[] {
  const governing = analysis.ingressPolicies(workload);
  const { resource } = workload.object;
  if (governing === undefined || governing.isolated !== "yes") {
    return [
      {
        resource,
        path: "metadata.name",
        problem: "is open to every connection, since no policy certainly governs its ingress",
      },
    ];
  }
  return governing.rules.flatMap(({ policy, rule }): readonly Violation[] => [
    ...callerFaults(analysis, workload, rule, settings).map(({ path, problem }) => ({
      resource: policy.object.resource,
      path,
      problem,
    })),
    ...portFaults(workload, rule).map((problem) => ({
      resource: policy.object.resource,
      path: `${rule.path}.ports`,
      problem,
    })),
  ]);
}

interface CallerFault {
  readonly path: string;
  readonly problem: string;
}

function callerFaults(
  analysis: Analysis,
  workload: Workload,
  rule: Rule,
  settings: Settings,
): readonly CallerFault[] {
  if (rule.peers === "all") {
    return [{ path: rule.path, problem: `lets everybody connect to ${nameOf(workload)}` }];
  }
  return rule.peers.flatMap((peer) => {
    const problem = callerFault(analysis, workload, peer, settings);
    return problem === undefined ? [] : [{ path: peer.path, problem }];
  });
}

function callerFault(
  analysis: Analysis,
  workload: Workload,
  peer: Peer,
  settings: Settings,
): string | undefined {
  if (peer.kind === "addresses") return "lets callers in by address, so nobody knows who they are";
  const callers = new Set([settings.gatewayNamespace, settings.monitoringNamespace]);
  const named = peer.namespaces === undefined ? undefined : namedNamespaces(peer.namespaces);
  if (named?.every((name) => callers.has(name)) === true) return undefined;
  if (isOwnGroup(analysis, workload, peer)) return undefined;
  if (peer.namespaces === undefined) return "lets other pods of the namespace connect";
  return named === undefined
    ? "lets namespaces in that it does not name"
    : `lets "${named.filter((name) => !callers.has(name)).join('", "')}" in, which is neither gateway nor monitoring`;
}

/** The pods of one replica group may talk to one another; A10 judges the ports. */
function isOwnGroup(analysis: Analysis, workload: Workload, peer: Peer): boolean {
  if (peer.kind !== "pods" || peer.namespaces !== undefined) return false;
  if (peer.pods.requirements.length === 0) return false;
  const found = analysis.podsOf(workload.namespace, peer.pods);
  return found.length === 1 && found[0] === workload;
}

function portFaults(workload: Workload, rule: Rule): readonly string[] {
  const declared = [...workload.namedPorts.values()].reduce(unitePorts, noPorts);
  const more = subtractPorts(rule.ports, unitePorts(declared, workload.unnamedPorts));
  if (isNoPorts(more)) return [];
  return [`opens ports of ${nameOf(workload)} that none of its containers declares`];
}
