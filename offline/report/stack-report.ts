import type { ExceptedFinding } from "../../policies/exceptions/apply.ts";
import type { UnusedException } from "../../policies/exceptions/faults.ts";
import type { Finding } from "../../policies/model/finding.ts";
import type { ChartHook } from "../charts/expand.ts";
import type { RecordedResource } from "../recorder.ts";

/** What `check` found out about one stack, one folder of manifests, or one running cluster. */
export interface StackReport {
  /** Stack name, or the folder that was read. For a cluster: the stack whose settings hold. */
  readonly name: string;
  readonly project: string;
  /** File that a reader would open first: the stack file, or the folder. */
  readonly file: string;
  readonly kind: "stack" | "manifests" | "live";
  readonly resources: readonly RecordedResource[];
  readonly findings: readonly Finding[];
  /** Findings that the stack file accepts: no violations, and told every time. */
  readonly excepted: readonly ExceptedFinding[];
  readonly unusedExceptions: readonly UnusedException[];
  readonly undecided: readonly Undecided[];
  /** What holds today and has to be acted on in time; no violation. */
  readonly notices?: readonly string[];
  /** Hooks of charts, which are neither deployed nor judged. */
  readonly hooks?: readonly ChartHook[];
  /** Files beside manifests that hold no objects of their own, and were not read. */
  readonly skipped?: readonly { readonly file: string; readonly reason: string }[];
  /** What is known of a running cluster beside its objects. */
  readonly live?: LiveFacts;
  readonly rules: RuleCount;
  /** Where the policy pack as a process disagrees; `undefined` where it was not asked. */
  readonly packDifferences?: readonly string[];
  /** Locked names whose digest was never read from a registry. */
  readonly exampleDigests: readonly string[];
  readonly milliseconds: number;
}

export interface LiveFacts {
  readonly server: string;
  readonly context: string;
  /** Objects that were read. */
  readonly found: number;
  /** Objects that some stack made, or that were made for one of those. */
  readonly byStack: number;
  /** Objects that Kubernetes itself brings. */
  readonly clustersOwn: number;
  /** Objects of neither; sorted. */
  readonly foreign: readonly ForeignObject[];
  /** Where nodes are not what the inventory of the stack says, node by node. */
  readonly drift: readonly string[];
  /** Objects that are not what the workload says that they were made from, and so are judged themselves. */
  readonly differing: readonly {
    readonly object: string;
    readonly owner: string;
    readonly fields: readonly string[];
  }[];
}

/** An object that no stack made. */
export interface ForeignObject {
  /** "Pod default/x" */
  readonly object: string;
  readonly apiVersion: string;
  readonly namespace?: string;
  /** Field managers, as they call themselves. */
  readonly managers: readonly string[];
  /** Moment of creation, such as `2026-11-24T06:38:01Z`. */
  readonly created: string;
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
  // A rule that broke down has a finding as well; one that could not be asked is undecided.
  if (report.rules.run < report.rules.defined && report.undecided.length === 0) return "violation";
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
