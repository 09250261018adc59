import { type StackReport, verdictOf } from "./stack-report.ts";

/** Schema of the JSON report; raised on every change that a reader could stumble over. */
const formatVersion = 1;

/** A report for programs; fields are documented in docs/check.md and stable within a format version. */
export function jsonReport(reports: readonly StackReport[]): string {
  const stacks = reports.map((report) => ({
    name: report.name,
    kind: report.kind,
    file: report.file,
    verdict: verdictOf(report),
    resources: report.resources.map(({ urn, type, name, parent }) => ({ urn, type, name, parent })),
    policies: report.rules,
    findings: report.findings,
    excepted: report.excepted,
    unusedExceptions: report.unusedExceptions,
    undecided: report.undecided,
    notices: report.notices,
    hooks: report.hooks,
    skipped: report.skipped,
    live: report.live,
    packDifferences: report.packDifferences,
    exampleDigests: report.exampleDigests,
    milliseconds: Math.round(report.milliseconds),
  }));
  return `${JSON.stringify({ formatVersion, stacks }, undefined, 2)}\n`;
}
