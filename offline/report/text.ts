import { engineNames, engines } from "../../components/engines/engines.ts";
import type { UnusedException } from "../../policies/exceptions/faults.ts";
import type { Finding } from "../../policies/model/finding.ts";
import { liveText } from "./live-text.ts";
import { type StackReport, unusedLine, verdictOf } from "./stack-report.ts";
import { previewTree } from "./tree.ts";

/** A report for a person: the preview, what policies say, what could not be decided, the verdict. */
export function textReport(reports: readonly StackReport[]): string {
  return `${reports.map(section).join("\n\n")}\n`;
}

function section(report: StackReport): string {
  return [
    heading(report),
    preview(report),
    experimental(report),
    policies(report),
    exceptionsText(report),
    pack(report),
    liveText(report),
    undecided(report),
    notices(report),
    hooks(report),
    skipped(report),
    digests(report),
    verdict(report),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function heading({ kind, name, file, live }: StackReport): string {
  switch (kind) {
    case "stack":
      return `Previewing ${name} offline (${file}); every value that a provider would return is unknown`;
    case "manifests":
      return `Checking the manifests in ${file}`;
    case "live":
      return `Checking what runs on ${live?.server ?? "a cluster"} (context ${live?.context ?? "unknown"}) by the settings of ${name} (${file})`;
    default:
      kind satisfies never;
      throw new Error("unreachable");
  }
}

function preview({ kind, project, name, resources }: StackReport): string {
  if (kind !== "stack") return "";
  // The stack itself counts, as it does for the engine.
  return `${previewTree(project, name, resources)}\n\nResources:\n    + ${resources.length + 1} to create`;
}

/** Models whose engine nobody has verified; told every time. */
function experimental({ resources }: StackReport): string {
  return resources
    .filter(({ type }) => type === "llm:serving:ModelServer")
    .flatMap(({ name, properties: { engine } }) => {
      const known = engineNames.find((each) => each === engine);
      if (known === undefined || engines[known].support !== "experimental") return [];
      return [
        `experimental: ${name} runs on ${known}; names declared, not verified, and its fit is an estimate`,
      ];
    })
    .join("\n");
}

function policies({ findings, excepted, rules, resources, kind }: StackReport): string {
  const objects = kind === "stack" ? "" : ` over ${resources.length} objects`;
  const accepted = excepted.length === 0 ? "" : `, ${excepted.length} excepted`;
  const head = `Policies:\n    ${rules.run} of ${rules.defined} run${objects}, ${count(findings.length, "violation")}${accepted}`;
  return [head, ...findings.map(finding)].join("\n");
}

function finding(one: Finding): string {
  const place = one.source === undefined ? "" : ` (${one.source.file}:${one.source.line})`;
  return [
    `    - [${one.enforcement}] [${one.severity}] ${one.policy} ${one.name}`,
    `      ${one.object}${place}`,
    `      ${one.path}: ${one.problem}`,
    `      Remedy: ${one.remedy}`,
  ].join("\n");
}

/** What the stack file accepts, and what of it accepts nothing; empty where it has no exceptions. */
export function exceptionsText({ excepted, unusedExceptions: unused }: StackReport): string {
  const accepted = excepted.map((one) =>
    [
      `    - [excepted until ${one.exception.expires}] ${one.policy} ${one.name}`,
      `      ${one.object}`,
      `      ${one.path}: ${one.problem}`,
      `      ${one.exception.owner}: ${one.exception.reason}`,
    ].join("\n"),
  );
  return [
    ...(accepted.length === 0 ? [] : ["Excepted:", ...accepted]),
    ...(unused.length === 0 ? [] : ["Unused exceptions:", ...unused.map(unusedRow)]),
  ].join("\n");
}

function unusedRow(item: UnusedException): string {
  return `    - ${unusedLine(item)}`;
}

function pack({ packDifferences: differences }: StackReport): string {
  if (differences === undefined) return "";
  if (differences.length === 0) return "Policy pack as a process: finds the same";
  return [
    "Policy pack as a process: disagrees",
    ...differences.map((line) => `    - ${line}`),
  ].join("\n");
}

function undecided({ undecided: items }: StackReport): string {
  if (items.length === 0) return "";
  return ["Undecided:", ...items.map((item) => `    - ${item.subject}: ${item.reason}`)].join("\n");
}

function notices({ notices: items = [] }: StackReport): string {
  if (items.length === 0) return "";
  return ["Notices:", ...items.map((item) => `    - ${item}`)].join("\n");
}

function hooks({ hooks: items = [] }: StackReport): string {
  if (items.length === 0) return "";
  return [
    "Hooks, which helm.sh/v4:Chart does not deploy; nothing may rely on them:",
    ...items.map(({ chart, object, events }) => `    - ${chart}: ${object} (${events})`),
  ].join("\n");
}

function skipped({ skipped: files = [] }: StackReport): string {
  if (files.length === 0) return "";
  return ["Not read:", ...files.map(({ file, reason }) => `    - ${file}: ${reason}`)].join("\n");
}

function digests({ exampleDigests }: StackReport): string {
  if (exampleDigests.length === 0) return "";
  return `Digest lock: ${count(exampleDigests.length, "example entry", "example entries")}, never read from a registry; run npm run lock on a connected machine before deploying`;
}

function verdict(report: StackReport): string {
  return `${report.name}: ${verdictOf(report)} (${(report.milliseconds / 1000).toFixed(2)} s)`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
