import type { ExceptedFinding } from "./exceptions/apply.ts";
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

/** An accepted finding as one line; who answers for it and until when is part of it. */
export function exceptedMessage(finding: ExceptedFinding): string {
  const { reason, owner, expires } = finding.exception;
  const place = finding.path === "" ? finding.object : `${finding.object}: ${finding.path}`;
  return `${place}: ${finding.problem}. Excepted until ${expires} by ${owner}: ${reason}`;
}
