import test from "ava";
import type { RecordedResource } from "../../offline/recorder.ts";
import { jsonReport } from "../../offline/report/json.ts";
import { junitReport } from "../../offline/report/junit.ts";
import { sarifReport } from "../../offline/report/sarif.ts";
import { exitCodeOf, type StackReport, verdictOf } from "../../offline/report/stack-report.ts";
import { textReport } from "../../offline/report/text.ts";
import { previewTree } from "../../offline/report/tree.ts";
import type { Finding } from "../../policies/model/finding.ts";
import { defaultOptions } from "../../policies/model/resource.ts";
import { rules } from "../../policies/rules.ts";

const finding: Finding = {
  policy: "W04",
  name: "images-by-digest",
  severity: "high",
  enforcement: "mandatory",
  object: "Deployment inference/<llama> & co",
  urn: "urn:pulumi:dev::private-llm::kubernetes:apps/v1:Deployment::llama",
  path: "spec.template.spec.containers[0].image",
  problem: 'is "x:latest"',
  remedy: "pin it",
};

function report(change: Partial<StackReport> = {}): StackReport {
  return {
    name: "dev",
    project: "private-llm",
    file: "stacks/Pulumi.dev.yaml",
    kind: "stack",
    resources: [],
    findings: [],
    excepted: [],
    unusedExceptions: [],
    undecided: [],
    rules: { run: rules.length, defined: rules.length },
    exampleDigests: [],
    milliseconds: 1234,
    ...change,
  };
}

const violated = report({ findings: [finding] });
const undecided = report({ undecided: [{ subject: "gpu-operator v1", reason: "no chart" }] });

test("a violation outweighs what is undecided, and both outweigh what is clean", (t) => {
  t.is(exitCodeOf([report()]), 0);
  t.is(exitCodeOf([report(), undecided]), 3);
  t.is(exitCodeOf([undecided, violated]), 1);
});

test("an advisory finding alone leaves a stack clean", (t) => {
  t.is(verdictOf(report({ findings: [{ ...finding, enforcement: "advisory" }] })), "clean");
});

test("a rule that did not run to its end is a violation, even without a finding", (t) => {
  t.is(verdictOf(report({ rules: { run: 8, defined: 9 } })), "violation");
});

test("a policy pack that finds something else is a violation", (t) => {
  t.is(verdictOf(report({ packDifferences: ["only found by the pack: …"] })), "violation");
  t.is(verdictOf(report({ packDifferences: [] })), "clean");
});

test("text names policy, resource, path and remedy, and the verdict with its time", (t) => {
  const text = textReport([violated]);
  t.true(
    text.includes(`    - [mandatory] [high] W04 images-by-digest
      Deployment inference/<llama> & co
      spec.template.spec.containers[0].image: is "x:latest"
      Remedy: pin it`),
  );
  t.true(text.includes(`${rules.length} of ${rules.length} run, 1 violation`));
  t.true(text.endsWith("dev: violation (1.23 s)\n"));
});

test("text says what could not be decided, and how many digests were never read", (t) => {
  const text = textReport([{ ...undecided, exampleDigests: ["a", "b"] }]);
  t.true(text.includes("Undecided:\n    - gpu-operator v1: no chart"));
  t.true(text.includes("Digest lock: 2 example entries"));
});

test("the preview is a tree in an order that timing cannot change", (t) => {
  const resource = (name: string, type: string, parent?: string): RecordedResource => ({
    urn: name,
    type,
    name,
    properties: {},
    secrets: [],
    custom: true,
    dependencies: [],
    options: defaultOptions,
    ...(parent === undefined ? {} : { parent }),
  });
  const resources = [
    resource("b", "test:Leaf", "group"),
    resource("group", "test:Group"),
    resource("a", "test:Leaf", "group"),
    resource("alone", "test:Alone"),
  ];
  const rows = [
    ["     Type", "Name"],
    [" +   pulumi:pulumi:Stack", "p-s"],
    [" +   ├─ test:Alone", "alone"],
    [" +   └─ test:Group", "group"],
    [" +      ├─ test:Leaf", "a"],
    [" +      └─ test:Leaf", "b"],
  ].map(([type = "", name = ""]) => `${type.padEnd(" +   pulumi:pulumi:Stack  ".length)}${name}`);
  t.is(previewTree("p", "s", resources), rows.join("\n"));
});

test("JSON carries every finding whole", (t) => {
  const parsed: unknown = JSON.parse(jsonReport([violated]));
  t.like(parsed, {
    formatVersion: 1,
    stacks: { 0: { name: "dev", verdict: "violation", findings: { 0: finding } } },
  });
});

test("SARIF 2.1.0 names each rule once and places each finding", (t) => {
  const log = JSON.parse(sarifReport([violated, undecided], rules, "1.2.3"));
  t.is(log.version, "2.1.0");
  const [run] = log.runs;
  t.deepEqual(
    run.tool.driver.rules.map((rule: { id: string }) => rule.id),
    rules.map((rule) => rule.id),
  );
  const [result] = run.results;
  t.is(run.tool.driver.rules[result.ruleIndex].id, "W04");
  t.is(result.level, "error");
  t.deepEqual(result.locations[0].physicalLocation, {
    artifactLocation: { uri: "stacks/Pulumi.dev.yaml" },
    region: { startLine: 1 },
  });
  t.is(
    result.locations[0].logicalLocations[0].fullyQualifiedName,
    `${finding.urn}#spec.template.spec.containers[0].image`,
  );
  t.false(run.invocations[0].executionSuccessful);
  t.is(run.invocations[0].toolExecutionNotifications.length, 1);
});

test("SARIF points at the line of a manifest", (t) => {
  const source = { file: "some dir/a.yaml", line: 7 };
  const log = JSON.parse(sarifReport([report({ findings: [{ ...finding, source }] })], rules, "1"));
  t.deepEqual(log.runs[0].results[0].locations[0].physicalLocation, {
    artifactLocation: { uri: "some%20dir/a.yaml" },
    region: { startLine: 7 },
  });
});

test("JUnit counts a case per policy and escapes what XML would read as markup", (t) => {
  const xml = junitReport([{ ...violated, undecided: undecided.undecided }], rules);
  t.regex(
    xml,
    new RegExp(`<testsuite name="dev" tests="${rules.length + 1}" failures="1" errors="1"`),
  );
  t.is(xml.match(/<testcase /g)?.length, rules.length + 1);
  t.true(xml.includes("Deployment inference/&lt;llama&gt; &amp; co"));
  t.false(xml.includes("<llama>"));
});

test("JUnit drops control characters, which XML has no place for", (t) => {
  const xml = junitReport([report({ findings: [{ ...finding, problem: "a\u0000b" }] })], rules);
  t.true(xml.includes("a\ufffdb"));
});
