import test from "ava";
import { jsonReport } from "../../offline/report/json.ts";
import { junitReport } from "../../offline/report/junit.ts";
import { sarifReport } from "../../offline/report/sarif.ts";
import { type StackReport, verdictOf } from "../../offline/report/stack-report.ts";
import { textReport } from "../../offline/report/text.ts";
import type { ExceptedFinding } from "../../policies/exceptions/apply.ts";
import { rules } from "../../policies/rules.ts";

const excepted: ExceptedFinding = {
  policy: "W04",
  name: "images-by-digest",
  severity: "high",
  enforcement: "mandatory",
  object: "Deployment inference/llama",
  urn: "urn:pulumi:dev::private-llm::kubernetes:apps/v1:Deployment::llama",
  path: "spec.template.spec.containers[0].image",
  problem: 'is "x:latest"',
  remedy: "pin it",
  exception: {
    reason: "the vendor has not published a digest & says <soon>",
    owner: "security officer",
    expires: "2026-12-31",
  },
};

const report: StackReport = {
  name: "dev",
  project: "private-llm",
  file: "stacks/Pulumi.dev.yaml",
  kind: "stack",
  resources: [],
  findings: [],
  excepted: [excepted],
  unusedExceptions: [
    {
      place: "private-llm:policies.exceptions[1]",
      policy: "W05",
      object: "Deployment inference/llama",
      why: "covers no finding; remove it",
    },
  ],
  undecided: [],
  rules: { run: rules.length, defined: rules.length },
  exampleDigests: [],
  milliseconds: 1234,
};

test("a stack with nothing but excepted findings and unused exceptions is clean", (t) => {
  t.is(verdictOf(report), "clean");
});

test("text shows each excepted finding with owner, end and reason, and each unused exception", (t) => {
  const text = textReport([report]);
  t.true(text.includes(`${rules.length} of ${rules.length} run, 0 violations, 1 excepted\n`));
  t.true(
    text.includes(`Excepted:
    - [excepted until 2026-12-31] W04 images-by-digest
      Deployment inference/llama
      spec.template.spec.containers[0].image: is "x:latest"
      security officer: the vendor has not published a digest & says <soon>
Unused exceptions:
    - private-llm:policies.exceptions[1]: W05 for Deployment inference/llama: covers no finding; remove it
`),
  );
});

test("a stack without exceptions has no section about them", (t) => {
  const text = textReport([{ ...report, excepted: [], unusedExceptions: [] }]);
  t.false(/except/i.test(text));
});

test("JSON carries the excepted finding whole, beside the findings", (t) => {
  const parsed: unknown = JSON.parse(jsonReport([report]));
  t.like(parsed, {
    stacks: {
      0: {
        verdict: "clean",
        findings: [],
        excepted: { 0: excepted },
        unusedExceptions: report.unusedExceptions,
      },
    },
  });
});

test("SARIF holds the excepted finding as a suppressed result with its justification", (t) => {
  const log = JSON.parse(sarifReport([report], rules, "1"));
  const [run] = log.runs;
  t.deepEqual(run.results[0].suppressions, [
    {
      kind: "external",
      status: "accepted",
      justification:
        "the vendor has not published a digest & says <soon> (security officer, until 2026-12-31)",
    },
  ]);
  const [invocation] = run.invocations;
  t.true(invocation.executionSuccessful);
  t.deepEqual(
    invocation.toolExecutionNotifications.map((each: { level: string }) => each.level),
    ["warning"],
  );
});

test("SARIF marks no other result as suppressed", (t) => {
  const { exception: _, ...finding } = excepted;
  const log = JSON.parse(sarifReport([{ ...report, findings: [finding] }], rules, "1"));
  t.deepEqual(
    log.runs[0].results.map((each: object) => "suppressions" in each),
    [false, true],
  );
});

test("JUnit passes the case and prints the excepted finding in it", (t) => {
  const xml = junitReport([report], rules);
  t.regex(xml, /failures="0"/);
  t.true(
    xml.includes(
      "<system-out>Deployment inference/llama: spec.template.spec.containers[0].image: is &quot;x:latest&quot;. Excepted until 2026-12-31 by security officer: the vendor has not published a digest &amp; says &lt;soon&gt;</system-out>",
    ),
  );
  t.true(xml.includes("<system-out>private-llm:policies.exceptions[1]: W05 for"));
});

test("JUnit fails a case that has both, and prints both", (t) => {
  const { exception: _, ...finding } = excepted;
  const xml = junitReport([{ ...report, findings: [finding] }], rules);
  t.regex(xml, /failures="1"/);
  t.regex(xml, /<failure [^]*<\/failure>\s*<system-out>/);
});
