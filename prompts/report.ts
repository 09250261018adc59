import type { Finding, PromptReport } from "./check.ts";
import { shown } from "./shown.ts";

/** A file that was not read, and why. */
export interface Unread {
  readonly name: string;
  readonly reason: string;
}

/** What `check` found, a line for each finding, and last how many prompts stay as they are. */
export function checkText(report: PromptReport, unread: readonly Unread[]): string {
  const { libraries, prompts, unchanged, otherFiles } = report;
  return [
    ...report.findings.map(line),
    ...unread.map(({ name, reason }) => `${shown(name, 300)}: not read, ${reason}`),
    [
      `${counted(prompts, "prompt")} in ${libraries === 1 ? "1 library" : `${libraries} libraries`}: ${unchanged} unchanged, ${prompts - unchanged} to change`,
      `${counted(otherFiles, "other file")} read`,
      counted(report.findings.length, "finding"),
    ].join("; "),
    "",
  ].join("\n");
}

function line({ file, line: row, column, rule, prompt, message }: Finding): string {
  const whose = prompt === undefined ? "" : ` prompt ${prompt}:`;
  return `${shown(file, 300)}:${row}:${column}: ${rule}:${whose} ${message}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
