import { namespaceName } from "../../../components/lib/labels.ts";
import type { Analysis } from "../../egress/analyze.ts";
import {
  allowedRegion,
  beyond,
  inferenceWorkloads,
  inWords,
  nameOf,
} from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import type { Selector } from "../../egress/read/labels.ts";
import type { Workload } from "../../egress/read/workloads.ts";
import { isNowhere, type Region } from "../../egress/sets/region.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";

export const noRelay: StackRule = {
  id: "E03",
  name: "no-relay",
  level: "stack",
  description:
    "Nothing that an inference workload can reach, directly or by way of others, has a way out, except the relays that the stack declares.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["32", "44"], hipaa: ["164.312(e)(1)"] },
  remedy:
    "close the way to that workload or its way out, or declare it under policies.trustedRelays of the stack file",
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    const starts = inferenceWorkloads(analysis, settings);
    const allowed = allowedRegion(settings);
    const closed = new Set<Workload>();
    return starts.flatMap((start) => [
      ...strangers(analysis, start, settings),
      ...wayOut(analysis, start, allowed, settings, closed),
    ]);
  },
};

/** The nearest workload with a way out; a workload that itself has one is a matter of E01. */
function wayOut(
  analysis: Analysis,
  start: Workload,
  allowed: Region,
  settings: Settings,
  closed: Set<Workload>,
): readonly Violation[] {
  if (!isNowhere(beyond(analysis.external(start).region, allowed))) return [];
  const via = new Map<Workload, Workload | undefined>([[start, undefined]]);
  for (const here of via.keys()) {
    if (here !== start) {
      if (isRelay(here, settings)) continue;
      const excess = beyond(analysis.external(here).region, allowed);
      if (!isNowhere(excess)) return [found(start, here, via, excess)];
    }
    for (const { workload } of analysis.neighbours(here)) {
      // What was once found to lead nowhere leads nowhere from here as well.
      if (!via.has(workload) && !closed.has(workload)) via.set(workload, here);
    }
  }
  for (const workload of via.keys()) closed.add(workload);
  return [];
}

function found(
  start: Workload,
  end: Workload,
  via: ReadonlyMap<Workload, Workload | undefined>,
  excess: Region,
): Violation {
  const way: string[] = [];
  for (let here = via.get(end); here !== undefined && here !== start; here = via.get(here)) {
    way.unshift(nameOf(here));
  }
  const by = way.length === 0 ? "" : ` by way of ${way.join(", ")}`;
  return {
    resource: start.object.resource,
    path: "metadata.name",
    problem: `reaches ${nameOf(end)}${by}, which may send to ${inWords(excess)}`,
  };
}

function isRelay({ namespace, object }: Workload, { policies }: Settings): boolean {
  return policies.trustedRelays.some(
    (relay) => relay.namespace === namespace && relay.name === object.name,
  );
}

/** A rule that leads to pods of which nothing is known here: another stack may run a relay behind it. */
function strangers(analysis: Analysis, start: Workload, settings: Settings): readonly Violation[] {
  return analysis.egressRules(start).flatMap(({ policy, rule }) => {
    if (rule.peers === "all") return [];
    return rule.peers.flatMap((peer): Violation[] => {
      if (peer.kind !== "pods" || peer.namespaces === undefined) return [];
      const unknown = foreignNamespaces(peer.namespaces).filter(
        (name) =>
          !analysis.holdsPods(name) &&
          !settings.policies.trustedRelays.some((relay) => relay.namespace === name),
      );
      return unknown.map((name) => ({
        resource: policy.object.resource,
        path: peer.path,
        problem: `leads to pods of "${name}", of which this stack holds none, so nobody knows what they pass on`,
        remedy: `declare the pods under policies.trustedRelays, with namespace "${name}"`,
      }));
    });
  });
}

/** Namespaces that a selector asks for by their immutable name. */
function foreignNamespaces({ requirements }: Selector): readonly string[] {
  return requirements
    .filter(({ key, operator }) => key === namespaceName && operator === "In")
    .flatMap(({ values }) => [...values]);
}
