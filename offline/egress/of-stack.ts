import { analyze } from "../../policies/egress/analyze.ts";
import { analysisOptions } from "../../policies/egress/of-graph.ts";
import { specification } from "../../policies/egress/profiles.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { settingsFromStackConfig } from "../../policies/settings/stack-settings.ts";
import { readStack, type Surroundings } from "../stack/read-stack.ts";
import type { EgressAnswer } from "./answer.ts";

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
