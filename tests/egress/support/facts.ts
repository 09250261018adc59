import { type Analysis, type AnalysisOptions, analyze } from "../../../policies/egress/analyze.ts";
import type { ExternalRange, WorkloadEgress } from "../../../policies/egress/result.ts";
import { externalRanges } from "../../../policies/egress/sets/region.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { keyOf } from "./superset.ts";

export function analysisOf(resources: readonly Resource[], options?: AnalysisOptions): Analysis {
  return analyze(graphOf(resources).objects, options);
}

/** What a report says of one workload. */
export function egressOf(analysis: Analysis, workload: string): WorkloadEgress {
  const { workloads } = analysis.report();
  const found = workloads.find((each) => keyOf(each) === workload);
  if (found === undefined) {
    throw new Error(`no ${workload} among ${workloads.map(keyOf).join(", ")}`);
  }
  return found;
}

/** What a pod of any labels in a namespace could send. */
export function envelopeOf(
  analysis: Analysis,
  namespace: string,
): Pick<WorkloadEgress, "isolated" | "external"> {
  const { isolated, region } = analysis.envelope(namespace);
  return { isolated, external: externalRanges(region) };
}

/** "10.0.0.0/8 TCP 443-444" */
export function show({ cidr, protocol, fromPort, toPort }: ExternalRange): string {
  return `${cidr} ${protocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
}

/** A report without the reasons, which name the objects and so change with their names. */
export function verdicts(analysis: Analysis): readonly WorkloadEgress[] {
  return analysis.report().workloads.map((entry) => ({ ...entry, because: [] }));
}
