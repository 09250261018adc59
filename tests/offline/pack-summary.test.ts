import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { packName, packSummary } from "../../offline/pack-summary.ts";
import { policyName } from "../../policies/message.ts";
import { rules } from "../../policies/rules.ts";
import { repository } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { assertPolicies } from "./support/assert-policies.ts";

const sample = path.join(repository, "tests/fixtures/events/clean.jsonl");
/** The sample with the policies that the pack holds today. */
const clean = (await readFile(sample, "utf8"))
  .split("\n")
  .map((line) => line.replace(/"passed":\[[^\]]*\]/, `"passed":${JSON.stringify(passed(line))}`))
  .join("\n");

function passed(line: string): readonly string[] {
  const level = line.includes("policyAnalyzeStackSummaryEvent") ? "stack" : "resource";
  return rules.filter((rule) => rule.level === level).map(policyName);
}

const namespace =
  "urn:pulumi:dev::private-llm::llm:isolation:Isolation$kubernetes:core/v1:Namespace::isolation-inference";

/** The sample with a policy's name moved out of `passed`, in the events that hold `where`. */
function without(policy: string, { where = "", failed = false } = {}): string {
  const events = clean.split("\n").map((line) => {
    if (!line.includes(`"${policy}"`) || !line.includes(where)) return line;
    const gone = line.replace(new RegExp(`,"${policy}"|"${policy}",?`), "");
    return failed ? gone.replace('"passed":', `"failed":["${policy}"],"passed":`) : gone;
  });
  if (events.join("\n") === clean) throw new Error(`the sample has no ${policy} at ${where}`);
  return events.join("\n");
}

test("a preview in which every policy passed everywhere has no fault", (t) => {
  t.deepEqual(packSummary(clean, rules), { policies: rules.length, resources: 2, faults: [] });
});

test("the name of the pack is the one that the pack gives to the engine", async (t) => {
  const source = await readFile(path.join(repository, "policies/pack.ts"), "utf8");
  t.true(source.includes(`new PolicyPack("${packName}"`));
});

for (const rule of rules) {
  test(`${rule.id} disabled is a fault, although a preview then exits with 0`, (t) => {
    const name = policyName(rule);
    const { faults } = packSummary(without(name), rules);
    t.is(faults.length, 1);
    t.true(faults[0]?.startsWith(`${name}: did not run on `), faults[0]);
  });
}

test("a policy that ran on all resources but one is a fault that names it", (t) => {
  const { faults } = packSummary(
    without("W01-restricted-pods", { where: "isolation-inference" }),
    rules,
  );
  t.deepEqual(faults, [
    `W01-restricted-pods: did not run on 1 of 2 resources, such as ${namespace}; it is disabled, or called itself not applicable`,
  ]);
});

test("a policy that failed is a fault with the reasons the engine printed", (t) => {
  const failed = without("C01-no-unknown-values", { failed: true });
  const event = JSON.stringify({
    sequence: 9,
    timestamp: 1,
    policyEvent: {
      message: "<{%fg 13%}>can't run policy 'C01-no-unknown-values'\n  during preview<{%reset%}>\n",
      policyPackName: packName,
      policyName: "C01-no-unknown-values",
      enforcementLevel: "advisory",
    },
  });
  t.deepEqual(packSummary(`${failed}${event}\n`, rules).faults, [
    "C01-no-unknown-values: failed on the stack\n    can't run policy 'C01-no-unknown-values' during preview",
  ]);
});

test("summaries of another pack prove nothing of this one", (t) => {
  const { faults, resources } = packSummary(
    clean.replaceAll('"policyPackName":"private-llm"', '"policyPackName":"other"'),
    rules,
  );
  t.is(resources, 0);
  t.deepEqual(faults.slice(0, 2), [
    "the pack private-llm was asked about no resource; pass --policy-pack policies, without --policy-pack-config",
    "the pack private-llm was never asked about the stack as a whole; a preview that fails on the way ends before that",
  ]);
});

test("a preview that ended before the stack was analysed is a fault", (t) => {
  const cut = clean
    .split("\n")
    .filter((line) => !line.includes("policyAnalyzeStackSummaryEvent"))
    .join("\n");
  t.deepEqual(packSummary(cut, rules).faults, [
    "the pack private-llm was never asked about the stack as a whole; a preview that fails on the way ends before that",
  ]);
});

for (const { title, text, message } of [
  {
    title: "an empty stream",
    text: "\n",
    message: /^the stream holds no event; run pulumi preview/,
  },
  {
    title: "the one object that --json prints without streaming",
    text: '{\n  "steps": []\n}\n',
    message: /^line 1 is no event of the engine; run pulumi preview/,
  },
  {
    title: "text between the events",
    text: `${clean}Previewing update (dev)\n`,
    message: /^line 6 is no event of the engine/,
  },
]) {
  test(`refused as unreadable: ${title}`, (t) => {
    t.throws(() => packSummary(text, rules), { name: "EventStreamError", message });
  });
}

test("the command exits with 0, 1 or 2 and takes a file or standard input", async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "clean.jsonl");
  await writeFile(file, clean);
  const good = assertPolicies([file]);
  t.is(good.code, 0, good.stderr);
  const all = `all ${rules.length} policies passed`;
  t.is(good.stdout, `private-llm: ${all} on 2 resources and the stack\n`);
  t.is(assertPolicies([], clean).stdout, good.stdout);

  const bad = path.join(folder, "events.jsonl");
  await writeFile(bad, without("E04-default-deny"));
  const refused = assertPolicies([bad]);
  t.is(refused.code, 1);
  t.is(
    refused.stderr,
    "private-llm: the preview proves too little\n  E04-default-deny: did not run on the stack; it is disabled, or called itself not applicable\n",
  );

  const missing = assertPolicies([path.join(folder, "nope")]);
  t.is(missing.code, 2);
  t.regex(missing.stderr, /nope: cannot be read \(ENOENT\); name the file the preview wrote\n$/);
});
