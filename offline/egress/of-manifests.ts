import { type AnalysisOptions, analyze } from "../../policies/egress/analyze.ts";
import { specification } from "../../policies/egress/profiles.ts";
import type { EgressReport } from "../../policies/egress/result.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { readManifests } from "../manifests/read.ts";
import type { EgressAnswer } from "./answer.ts";

/**
 * Effective egress of YAML or JSON of any origin.
 * @param start folder or file
 * @param shown the same as the user wrote it
 */
export async function egressOfManifests(
  start: string,
  shown: string,
  options: AnalysisOptions,
): Promise<EgressAnswer> {
  const { resources, problems, skipped } = await readManifests(start);
  const profile = options.profile ?? specification;
  const unread = problems.map(({ file, line, reason }) => ({
    object: `${file}:${line}`,
    path: "",
    reason,
  }));
  const empty = { object: shown, path: "", reason: "holds no Kubernetes object" };
  // What could not be read may hold the policy that opens everything, so nothing is said of the rest.
  const judged = problems.length === 0 && resources.length > 0;
  const report: EgressReport = judged
    ? analyze(graphOf(resources).objects, options).report()
    : { workloads: [], errors: unread.length > 0 ? unread : [empty], warnings: [] };
  return { subject: shown, profile, report, undecided: [], skipped };
}
