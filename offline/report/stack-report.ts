import type { ExceptedFinding } from "../../policies/exceptions/apply.ts";
import type { UnusedException } from "../../policies/exceptions/faults.ts";
import type { Finding } from "../../policies/model/finding.ts";
import type { ChartHook } from "../charts/expand.ts";
import type { RecordedResource } from "../recorder.ts";

/** What `check` found out about one stack, or about one folder of manifests. */
export interface StackReport {
  /** Stack name, or the folder that was read. */
  readonly name: string;
  readonly project: string;
  /** File that a reader would open first: the stack file, or the folder. */
  readonly file: string;
  readonly kind: "stack" | "manifests";
  readonly resources: readonly RecordedResource[];
  readonly findings: readonly Finding[];
  /** Findings that the stack file accepts: no violations, and told every time. */
  readonly excepted: readonly ExceptedFinding[];
  readonly unusedExceptions: readonly UnusedException[];
  readonly undecided: readonly Undecided[];
  /** Hooks of charts, which are neither deployed nor judged. */
  readonly hooks?: readonly ChartHook[];
  /** Files beside manifests that hold no objects of their own, and were not read. */
  readonly skipped?: readonly { readonly file: string; readonly reason: string }[];
  readonly rules: RuleCount;
  /** Where the policy pack as a process disagrees; `undefined` where it was not asked. */
  readonly packDifferences?: readonly string[];
  /** Locked names whose digest was never read from a registry. */
  readonly exampleDigests: readonly string[];
  readonly milliseconds: number;
}

/** Something that could not be looked at, so that nothing can be said of it. */
export interface Undecided {
  readonly subject: string;
  readonly reason: string;
}

export interface RuleCount {
  readonly run: number;
  readonly defined: number;
}

export type Verdict = "clean" | "violation" | "undecided";

/** Exit codes of `check`; part of its contract. */
export const exitCodes = { clean: 0, violation: 1, usage: 2, undecided: 3 } as const;

/** A violation outweighs what is undecided: it is certain. */
export function verdictOf(report: StackReport): Verdict {
  if (report.findings.some((finding) => finding.enforcement === "mandatory")) return "violation";
  if (report.rules.run < report.rules.defined) return "violation";
  if (report.packDifferences !== undefined && report.packDifferences.length > 0) return "violation";
  return report.undecided.length > 0 ? "undecided" : "clean";
}

export function exitCodeOf(reports: readonly StackReport[]): number {
  const verdicts = reports.map(verdictOf);
  if (verdicts.includes("violation")) return exitCodes.violation;
  return verdicts.includes("undecided") ? exitCodes.undecided : exitCodes.clean;
}

/** An exception that covers nothing, as one line of any report. */
export function unusedLine({ place, policy, object, why }: UnusedException): string {
  return `${place}: ${policy} for ${object}: ${why}`;
}
