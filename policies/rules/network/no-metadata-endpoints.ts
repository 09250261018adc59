import {
  addressesOf,
  metadataAddresses,
  metadataEndpoints,
} from "../../data/metadata-endpoints.ts";
import type { Analysis } from "../../egress/analyze.ts";
import { inferenceWorkloads, nameOf } from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import type { Workload } from "../../egress/read/workloads.ts";
import { isNoPorts } from "../../egress/sets/ports.ts";
import { portsAt, type Region } from "../../egress/sets/region.ts";
import type { StackRule, Violation } from "../../model/rule.ts";

export const noMetadataEndpoints: StackRule = {
  id: "E09",
  name: "no-metadata-endpoints",
  level: "stack",
  description:
    "No inference workload can reach an address at which a cloud hands out credentials, in either address family.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { nsa: ["Net"] },
  remedy:
    "narrow the rule so that it leaves the address out; policies.allowedEgress cannot allow it",
  check: (graph, settings) => {
    const analysis = analysisOf(graph, settings);
    return inferenceWorkloads(analysis, settings).flatMap((each) => check(analysis, each));
  },
};

function check(analysis: Analysis, workload: Workload): readonly Violation[] {
  const { region, because } = analysis.external(workload);
  if (isNoPorts(portsAt(region, metadataAddresses))) return [];
  return because.flatMap(({ object, path, opens }): Violation[] => {
    const [first, ...more] = reachedIn(opens);
    if (first === undefined) return [];
    const others = more.length === 0 ? "" : ` and ${more.length} more like it`;
    return [
      {
        resource: (object ?? workload.object).resource,
        path,
        problem: `lets ${nameOf(workload)} reach ${first.address} (${first.what})${others}`,
      },
    ];
  });
}

function reachedIn(region: Region) {
  return metadataEndpoints.filter((one) => !isNoPorts(portsAt(region, addressesOf(one))));
}
