import type { ExceptedFinding } from "../../policies/exceptions/apply.ts";
import type { Finding } from "../../policies/model/finding.ts";
import type { Mapping, Rule } from "../../policies/model/rule.ts";
import { type StackReport, unusedLine } from "./stack-report.ts";

/** Security severity as code scanning ranks it, by the scale of CVSS. */
const securitySeverity = { low: "3.0", medium: "5.5", high: "8.0", critical: "9.5" } as const;

/** SARIF 2.1.0, one run for all stacks; undecided things are notifications, since they are no finding. */
export function sarifReport(
  reports: readonly StackReport[],
  rules: readonly Rule[],
  version: string,
): string {
  const index = new Map(rules.map((rule, position) => [rule.id, position]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "private-llm", version, rules: rules.map(descriptor) },
        },
        invocations: [
          {
            executionSuccessful: reports.every((report) => report.undecided.length === 0),
            toolExecutionNotifications: reports.flatMap(notifications),
          },
        ],
        results: reports.flatMap((report) =>
          [...report.findings, ...report.excepted].map((finding) =>
            result(report, finding, index.get(finding.policy)),
          ),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor(rule: Rule) {
  return {
    id: rule.id,
    name: rule.name,
    shortDescription: { text: rule.description },
    help: { text: rule.remedy },
    defaultConfiguration: { level: rule.enforcement === "mandatory" ? "error" : "warning" },
    properties: {
      tags: ["security", ...mappingTags(rule.mapping)],
      "security-severity": securitySeverity[rule.severity],
    },
  };
}

function mappingTags({ gdpr = [], hipaa = [], cis = [], nsa = [] }: Mapping): string[] {
  return [
    ...gdpr.map((article) => `GDPR ${article}`),
    ...hipaa.map((section) => `HIPAA ${section}`),
    ...cis.map((control) => `CIS ${control}`),
    ...nsa.map((chapter) => `NSA ${chapter}`),
  ];
}

function result(
  report: StackReport,
  finding: Finding | ExceptedFinding,
  ruleIndex: number | undefined,
) {
  const file = finding.source?.file ?? report.file;
  return {
    ruleId: finding.policy,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: finding.enforcement === "mandatory" ? "error" : "warning",
    message: {
      text: `${finding.object}: ${finding.path}: ${finding.problem}. Remedy: ${finding.remedy}`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file.replaceAll("\\", "/")) },
          region: { startLine: finding.source?.line ?? 1 },
        },
        logicalLocations: [
          {
            name: finding.object,
            fullyQualifiedName: `${finding.urn}#${finding.path}`,
            kind: "resource",
          },
        ],
      },
    ],
    ...("exception" in finding ? { suppressions: [suppression(finding)] } : {}),
    // The same fault keeps its identity when lines move or another stack is added.
    partialFingerprints: {
      "privateLlm/v1": `${report.name}|${finding.policy}|${finding.urn}|${finding.path}`,
    },
  };
}

/** Viewers then show the result as closed, with the reason; without it they would show nothing at all. */
function suppression({ exception: { reason, owner, expires } }: ExceptedFinding) {
  return {
    kind: "external",
    status: "accepted",
    justification: `${reason} (${owner}, until ${expires})`,
  };
}

function notifications(report: StackReport) {
  return [
    ...report.undecided.map((item) => ({
      level: "error",
      message: { text: `${report.name}: undecided: ${item.subject}: ${item.reason}` },
    })),
    ...report.unusedExceptions.map((item) => ({
      level: "warning",
      message: { text: `${report.name}: unused exception: ${unusedLine(item)}` },
    })),
  ];
}
