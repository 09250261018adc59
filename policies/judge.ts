import { applyExceptions, type ExceptedFinding } from "./exceptions/apply.ts";
import { expiredExceptions, type UnusedException, unusedExceptions } from "./exceptions/faults.ts";
import type { Graph, Rule } from "./model/rule.ts";
import type { Settings } from "./model/settings.ts";
import { rules as everyRule } from "./rules.ts";
import { compareFindings, type Evaluation, evaluate } from "./runner.ts";

/** What the rules find, less what the stack's exceptions cover. */
export interface Judgement extends Evaluation {
  /** Sorted as the findings are. */
  readonly excepted: readonly ExceptedFinding[];
  readonly unusedExceptions: readonly UnusedException[];
}

/**
 * Runs the rules and applies the exceptions of the settings.
 * @param today day as `2026-12-31`; exceptions that ended before it are violations
 */
export function judge(
  graph: Graph,
  settings: Settings,
  today: string,
  rules: readonly Rule[] = everyRule,
): Judgement {
  const evaluation = evaluate(graph, settings, rules);
  const { exceptions } = settings.policies;
  const { findings, excepted, used } = applyExceptions(evaluation.findings, exceptions, today);
  return {
    ...evaluation,
    findings: [...findings, ...expiredExceptions(exceptions, today)].toSorted(compareFindings),
    excepted,
    unusedExceptions: unusedExceptions(exceptions, used, today, rules),
  };
}
