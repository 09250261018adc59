import type { Finding } from "./model/finding.ts";
import type { Rule } from "./model/rule.ts";

/** Name of a rule in the pack, such as "E04-default-deny". */
export function policyName(rule: Pick<Rule, "id" | "name">): string {
  return `${rule.id}-${rule.name}`;
}

/** A finding as one line of the engine's report. */
export function findingMessage(finding: Finding): string {
  const place = finding.path === "" ? finding.object : `${finding.object}: ${finding.path}`;
  return `${place}: ${finding.problem}. Remedy: ${finding.remedy}`;
}
