import type { CniProfile } from "../../policies/egress/profiles.ts";
import type { AnalysisError, EgressReport } from "../../policies/egress/result.ts";

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

/** 0 decided, 1 something was unreadable, 3 a chart could not be had. */
export function egressExitCode({ report, undecided }: EgressAnswer): number {
  if (report.errors.length > 0) return 1;
  return undecided.length > 0 ? 3 : 0;
}
