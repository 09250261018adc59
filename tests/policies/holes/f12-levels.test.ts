import test from "ava";
import { runPackProcess } from "../../../offline/pack-process.ts";
import { policyName } from "../../../policies/message.ts";
import { rules } from "../../../policies/rules.ts";
import { everyMutant } from "../support/every-mutant.ts";
import { askEveryPolicy, policies } from "../support/every-policy.ts";
import { sources } from "../support/sources.ts";

const broken = everyMutant("dev", 8);

test("F12: every violation is reported as text and URN, never as an object that could lower its level", async (t) => {
  const reports = await askEveryPolicy(broken);
  t.true(reports.length >= broken.length / 2, `${reports.length} reports`);
  const odd = reports.filter(
    ({ args: [message, urn, ...rest] }) =>
      typeof message !== "string" ||
      message === "" ||
      !["string", "undefined"].includes(typeof urn) ||
      rest.length > 0,
  );
  t.deepEqual(odd, []);
});

test("F12: the level of each policy is the one of its rule, and the engine is told the same", async (t) => {
  t.deepEqual(
    policies.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
    rules.map((rule) => [policyName(rule), rule.enforcement]),
  );
  const levels = new Map(rules.map((rule) => [policyName(rule), rule.enforcement]));
  const found = await runPackProcess(broken, "dev");
  t.deepEqual(
    found.filter(({ policy, enforcement }) => levels.get(policy) !== enforcement),
    [],
  );
});

test("F12: only the pack speaks to the SDK, in one place, and gives it neither object nor level", async (t) => {
  const speaking = (await sources("policies")).filter(({ text }) =>
    text.includes("@pulumi/policy"),
  );
  t.deepEqual(
    speaking.map(({ file }) => file).filter((file) => !/^policies\/pack[./]/.test(file)),
    [],
  );
  const reporting = speaking.filter(({ text }) => /\breport(?:Violation)?\(/.test(text));
  t.deepEqual(
    reporting.map(({ file }) => file),
    ["policies/pack/policies.ts"],
  );
  t.false(/\breport(?:Violation)?\(\s*\{/.test(reporting[0]?.text ?? ""));
  const levels = speaking.flatMap(({ text }) => text.match(/\benforcementLevel\b[^,\n]*/g) ?? []);
  t.deepEqual(levels.toSorted(), [
    'enforcementLevel: "mandatory"',
    "enforcementLevel: rule.enforcement",
  ]);
});
