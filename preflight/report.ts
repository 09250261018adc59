import type { HostReport } from "./judge.ts";

/** What `preflight judge` tells; also the shape of `--format json`. */
export interface PreflightReport {
  readonly stack: string;
  readonly hosts: readonly HostReport[];
  /** Folders of recordings that no judged host has. */
  readonly notJudged: readonly string[];
}

/** 0: all passed, 1: a check failed, 3: none failed and something could not be told. */
export function preflightExitCode({ hosts }: PreflightReport): 0 | 1 | 3 {
  const outcomes = hosts.flatMap(({ checks }) => checks.map(({ verdict }) => verdict.outcome));
  if (outcomes.includes("failed")) return 1;
  return outcomes.includes("unknown") || hosts.length === 0 ? 3 : 0;
}

/** The report for people. */
export function preflightText({ stack, hosts, notJudged }: PreflightReport): string {
  const passed = hosts.filter((host) => host.passed).length;
  return [
    `Stack ${stack}: ${passed} of ${hosts.length} ${hosts.length === 1 ? "host" : "hosts"} passed`,
    "",
    ...hosts.flatMap((host) => [...hostText(host), ""]),
    ...notJudged.map(
      (name) => `Not judged: recordings of ${name}, which is no host that takes pods`,
    ),
    "Judged is what was recorded, when it was recorded; a host that changed since has to be recorded again.",
    "",
  ].join("\n");
}

function hostText({ host, passed, checks }: HostReport): string[] {
  return [
    `${host}: ${passed ? "passed" : "not passed"}`,
    ...checks.flatMap(({ check, verdict }) => {
      const lines = linesOf(verdict);
      return lines.map((line, place) =>
        place === 0
          ? `  ${words[verdict.outcome].padEnd(10)}  ${check.padEnd(14)}  ${line}`
          : `${" ".repeat(30)}${line}`,
      );
    }),
  ];
}

type Verdict = HostReport["checks"][number]["verdict"];

const words = {
  passed: "passed",
  failed: "FAILED",
  unknown: "UNKNOWN",
  "not-needed": "not needed",
} as const satisfies Record<Verdict["outcome"], string>;

function linesOf(verdict: Verdict): readonly string[] {
  switch (verdict.outcome) {
    case "passed":
      return [verdict.found];
    case "failed":
      return verdict.faults;
    case "unknown":
    case "not-needed":
      return [verdict.reason];
    default:
      verdict satisfies never;
      throw new Error("unreachable");
  }
}
