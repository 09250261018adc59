import test from "ava";
import { packSummary } from "../../../offline/pack-summary.ts";
import { policyName } from "../../../policies/message.ts";
import type { Rule } from "../../../policies/model/rule.ts";
import { rules } from "../../../policies/rules.ts";
import { assertPolicies } from "../../offline/support/assert-policies.ts";
import { type Incident, previewEvents } from "../support/events.ts";
import { policies } from "../support/every-policy.ts";
import { sources } from "../support/sources.ts";

const clean = previewEvents(rules);

test("F2: a preview in which every policy passed is accepted", (t) => {
  t.deepEqual(packSummary(clean, rules).faults, []);
  t.is(assertPolicies([], clean).code, 0);
});

const incidents: readonly { hole: string; what: Incident["what"]; fault: RegExp }[] = [
  { hole: "F2", what: "disabled", fault: /did not run on/ },
  { hole: "F3", what: "not applicable", fault: /did not run on/ },
  { hole: "F1", what: "unknown", fault: /failed on .*\n {4}can't run policy/ },
];

for (const { hole, what, fault } of incidents) {
  test(`${hole}: a preview with any policy ${what} is refused, although the engine exits with 0`, (t) => {
    for (const rule of rules) {
      const { faults } = packSummary(previewEvents(rules, { rule, what }), rules);
      t.is(faults.length, 1, rule.id);
      t.regex(faults[0] ?? "", fault);
      t.true(faults[0]?.startsWith(`${policyName(rule)}: `));
    }
  });

  test(`${hole}: the command of CI ends with 1 at a policy ${what}`, (t) => {
    for (const level of ["resource", "stack"] as const) {
      const rule = rules.find((each) => each.level === level);
      if (rule === undefined) throw new Error(`no rule of level ${level}`);
      const { code, stderr } = assertPolicies([], previewEvents(rules, { rule, what }));
      t.is(code, 1, stderr);
      t.true(stderr.includes(policyName(rule)));
    }
  });
}

test("F2: a configuration that lowers a mandatory policy to advice is refused where it fails", (t) => {
  for (const rule of rules.filter(({ enforcement }) => enforcement === "mandatory")) {
    const { faults } = packSummary(previewEvents(rules, { rule, what: "lowered" }), rules);
    t.regex(faults[0] ?? "", /failed on .*\n.*something is wrong/, rule.id);
  }
});

test("F2: every policy disabled at once is refused", (t) => {
  const silent = clean.replaceAll(/"passed":\[[^\]]*\]/g, '"passed":[]');
  t.is(packSummary(silent, rules).faults.length, rules.length);
});

test("F2: a preview without the pack is refused", (t) => {
  const without = clean
    .split("\n")
    .filter((line) => !line.includes("policyAnalyze"))
    .join("\n");
  t.is(packSummary(without, rules).faults.length, 2);
  t.is(assertPolicies([], without).code, 1);
});

test("F2: a violation that no summary knows of is refused all the same", (t) => {
  const [resource] = rules.filter(({ level }) => level === "resource");
  if (resource === undefined) throw new Error("no resource rule");
  const told = previewEvents(rules, { rule: resource, what: "lowered" });
  const summaries = clean.split("\n").filter((line) => line.includes("Summary"));
  const events = told.split("\n").filter((line) => line.includes('"policyEvent"'));
  t.deepEqual(packSummary([...events, ...summaries].join("\n"), rules).faults, [
    `${policyName(resource)}: failed, though no summary says so\n    ${resource.description} Namespace inference: something is wrong`,
  ]);
});

test("F2: advice that is not followed does not stop CI, advice that could not be given does", (t) => {
  const [first, ...rest] = rules;
  if (first === undefined) throw new Error("no rule");
  const rule: Rule = { ...first, enforcement: "advisory" };
  const own = [rule, ...rest];
  const faults = (what: Incident["what"]) =>
    packSummary(previewEvents(own, { rule, what }), own).faults.length;
  t.is(faults("lowered"), 0);
  t.is(faults("unknown"), 1);
  t.is(faults("disabled"), 1);
});

/** Ways of the SDK in which a policy is passed over in silence, or changes what it judges. */
const silentWays =
  /\b(?:validateResourceOfType|validateStackResourcesOfType|validateRemediateResourceOfType|remediateResourceOfType|remediateResource|notApplicable|isType|asType|getConfig|configSchema)\b/;

test("F3: no source of the pack uses typed validators, notApplicable, remediation or its configuration", async (t) => {
  const found = (await sources("policies")).filter(({ text }) => silentWays.test(text));
  t.deepEqual(
    found.map(({ file }) => file),
    [],
  );
});

test("F3: no validator of the pack is bound to a type of resource", (t) => {
  for (const policy of policies) {
    const validate = "validateStack" in policy ? policy.validateStack : policy.validateResource;
    t.is(typeof validate, "function", policy.name);
    t.false(Object.hasOwn(Object(validate), "__pulumiType"), policy.name);
  }
});
