import { exceptedMessage } from "../../policies/message.ts";
import type { Finding } from "../../policies/model/finding.ts";
import type { Rule } from "../../policies/model/rule.ts";
import { type StackReport, unusedLine } from "./stack-report.ts";

/** JUnit XML: a suite per stack, a case per policy, and a case that errs where anything is undecided. */
export function junitReport(reports: readonly StackReport[], rules: readonly Rule[]): string {
  const suites = reports.map((report) => suite(report, rules));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

function suite(report: StackReport, rules: readonly Rule[]): string {
  const failing = new Set(report.findings.map((finding) => finding.policy));
  const errors = report.undecided.length > 0 ? 1 : 0;
  const cases = rules.map((rule) => policyCase(report, rule));
  if (errors > 0) cases.push(undecidedCase(report));
  const head = [
    `name="${escape(report.name)}"`,
    `tests="${rules.length + errors}"`,
    `failures="${failing.size}"`,
    `errors="${errors}"`,
    `skipped="0"`,
    `time="${(report.milliseconds / 1000).toFixed(3)}"`,
  ];
  const unused = report.unusedExceptions.map(unusedLine);
  const tail = unused.length === 0 ? "" : `    ${systemOut(unused)}\n`;
  return `  <testsuite ${head.join(" ")}>\n${cases.join("\n")}\n${tail}  </testsuite>`;
}

function policyCase(report: StackReport, rule: Rule): string {
  const head = `    <testcase classname="${escape(report.name)}" name="${escape(`${rule.id} ${rule.name}`)}"`;
  const findings = report.findings.filter((finding) => finding.policy === rule.id);
  const excepted = report.excepted.filter((finding) => finding.policy === rule.id);
  if (findings.length === 0 && excepted.length === 0) return `${head}/>`;
  const parts = [
    ...(findings.length === 0 ? [] : [failure(rule, findings)]),
    ...(excepted.length === 0 ? [] : [systemOut(excepted.map(exceptedMessage))]),
  ];
  return `${head}>\n${parts.map((part) => `      ${part}\n`).join("")}    </testcase>`;
}

function failure(rule: Rule, findings: readonly Finding[]): string {
  const message = `${findings.length} against: ${rule.description}`;
  const text = findings.map(line).join("\n");
  return `<failure type="${rule.enforcement}" message="${escape(message)}">${escape(text)}</failure>`;
}

function systemOut(lines: readonly string[]): string {
  return `<system-out>${escape(lines.join("\n"))}</system-out>`;
}

function undecidedCase(report: StackReport): string {
  const text = report.undecided.map((item) => `${item.subject}: ${item.reason}`).join("\n");
  return `    <testcase classname="${escape(report.name)}" name="everything could be decided">\n      <error type="undecided" message="undecided">${escape(text)}</error>\n    </testcase>`;
}

function line(finding: Finding): string {
  return `${finding.object}: ${finding.path}: ${finding.problem}. Remedy: ${finding.remedy}`;
}

/** XML 1.0 has no place for control characters, escaped or not. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
