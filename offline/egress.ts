import { type AnalysisOptions, analyze } from "../policies/egress/analyze.ts";
import { analysisOptions } from "../policies/egress/of-graph.ts";
import { type CniProfile, specification } from "../policies/egress/profiles.ts";
import type { AnalysisError, EgressReport } from "../policies/egress/result.ts";
import { graphOf } from "../policies/model/graph.ts";
import { settingsFromStackConfig } from "../policies/settings/stack-settings.ts";
import { readManifests } from "./manifests/read.ts";
import { readStack, type Surroundings } from "./stack/read-stack.ts";

/** An analysis together with what its verdict rests on. */
export interface EgressAnswer {
  /** Stack, or folder as the user wrote it. */
  readonly subject: string;
  readonly profile: CniProfile;
  readonly report: EgressReport;
  /** Charts that could not be read: what they hold may send anything. */
  readonly undecided: readonly AnalysisError[];
  /** Files that were left out by name, with the reason. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

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

/**
 * Effective egress of a stack, its charts expanded.
 * @throws StackFileError or ConfigError where the stack file cannot be used
 */
export async function egressOfStack(
  stack: string,
  surroundings: Surroundings,
): Promise<EgressAnswer> {
  const { file, resources, undecided } = await readStack(stack, surroundings);
  const hidden = undecided.map(({ chart, reason }) => ({ object: chart, path: "", reason }));
  if (file.undecidable.length > 0) {
    const nothing = { workloads: [], errors: [], warnings: [] };
    return {
      subject: stack,
      profile: specification,
      report: nothing,
      undecided: hidden,
      skipped: [],
    };
  }
  const options = analysisOptions(settingsFromStackConfig(file.values));
  const report = analyze(graphOf(resources).objects, options).report();
  return {
    subject: stack,
    profile: options.profile ?? specification,
    report,
    undecided: hidden,
    skipped: [],
  };
}

/** 0 decided, 1 something was unreadable, 3 a chart could not be had. */
export function egressExitCode({ report, undecided }: EgressAnswer): number {
  if (report.errors.length > 0) return 1;
  return undecided.length > 0 ? 3 : 0;
}
