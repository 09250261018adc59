import type { Analysis } from "../../egress/analyze.ts";
import {
  allowedRegion,
  beyond,
  inferenceWorkloads,
  inWords,
  nameOf,
} from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import type { Workload } from "../../egress/read/workloads.ts";
import { isNowhere, type Region } from "../../egress/sets/region.ts";
import { inInference } from "../../kubernetes/scope.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";

export const effectiveEgress: StackRule = {
  id: "E01",
  name: "effective-egress",
  level: "stack",
  description:
    "What all network policies together let out of an inference workload lies inside the egress that the stack allows.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: {
    gdpr: ["5(1)(f)", "25", "32"],
    hipaa: ["164.312(e)(1)"],
    cis: ["5.3.2"],
    nsa: ["Net"],
  },
  remedy:
    "remove the rule, narrow it, or list what it opens under policies.allowedEgress of the stack file",
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    const allowed = allowedRegion(settings);
    return [
      ...unreadable(analysis, settings),
      ...inferenceWorkloads(analysis, settings).flatMap((each) => check(analysis, each, allowed)),
    ];
  },
};

/** What the API server would refuse, or nobody can read, decides nothing; it must not stand there. */
function unreadable({ faults }: Analysis, settings: Settings): readonly Violation[] {
  return faults
    .filter(({ object }) => object.namespace === undefined || inInference(object, settings))
    .map(({ object, path, reason }) => ({
      resource: object.resource,
      path,
      problem: `${reason}; so it is taken to hold nothing back`,
      remedy:
        "write the field in the shape that the Kubernetes API asks for, with a value that is known",
    }));
}

function check(analysis: Analysis, workload: Workload, allowed: Region): readonly Violation[] {
  const { region, because } = analysis.external(workload);
  const excess = beyond(region, allowed);
  if (isNowhere(excess)) return [];
  const guilty = because.filter(({ opens }) => !isNowhere(beyond(opens, allowed)));
  return guilty.map(({ object, path, reason, opens }) => {
    const own = object === workload.object;
    const whom = own ? "" : `; ${nameOf(workload)} may`;
    return {
      resource: (object ?? workload.object).resource,
      path,
      problem: own
        ? `${reason}, so it may send to ${inWords(opens)}`
        : `${reason}${whom} send to ${inWords(opens)}`,
    };
  });
}
