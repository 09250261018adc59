import test from "ava";
import { type PolicyException, policiesSchema } from "../../components/lib/stack/policies.ts";
import { judge } from "../../policies/judge.ts";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { Rule } from "../../policies/model/rule.ts";
import { unknown } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { changed, goodResources, kube, settings } from "./good-graph.ts";
import { engine, enginePath, template } from "./mutants/mutant.ts";

const today = "2026-11-24";

function exception(change: Partial<PolicyException>): PolicyException {
  return {
    policy: "W01",
    object: "Deployment inference/llama",
    reason: "the driver of this host needs it until the upgrade",
    owner: "platform lead",
    expires: "2026-12-31",
    ...change,
  };
}

/** The admission policies follow the exceptions of the stack, and those of the good graph know none. */
const others = rules.filter(({ id }) => id !== "C04");

function judged(
  resources: readonly Resource[],
  exceptions: readonly PolicyException[],
  own: readonly Rule[] = others,
) {
  const policies = { ...settings.policies, exceptions: [...exceptions] };
  return judge(graphOf(resources), { ...settings, policies }, today, own);
}

/** Two findings of W01 on one object, and nothing else. */
const loose = changed("Deployment/llama", [...engine, "securityContext"], {
  allowPrivilegeEscalation: true,
  capabilities: { drop: [] },
});
const escalationPath = `${enginePath}.securityContext.allowPrivilegeEscalation`;
const dropPath = `${enginePath}.securityContext.capabilities.drop`;

test("a finding of a resource rule that an exception names is no violation, and is kept with who answers for it", (t) => {
  const { findings, excepted, unusedExceptions } = judged(loose, [exception({})]);
  t.deepEqual(findings, []);
  t.deepEqual(
    excepted.map((each) => [each.path, each.exception]),
    [escalationPath, dropPath].map((path) => [
      path,
      {
        reason: "the driver of this host needs it until the upgrade",
        owner: "platform lead",
        expires: "2026-12-31",
      },
    ]),
  );
  t.deepEqual(unusedExceptions, []);
});

test("a finding of a stack rule is excepted in the same way", (t) => {
  const open = goodResources.filter((each) => each.name !== "default-deny");
  const own = exception({ policy: "E04", object: "Namespace inference" });
  const { findings, excepted } = judged(open, [own]);
  t.false(findings.some(({ policy }) => policy === "E04"));
  t.deepEqual(
    excepted.map(({ policy, object }) => [policy, object]),
    [["E04", "Namespace inference"]],
  );
});

test("an exception with a path covers that path alone", (t) => {
  const { findings, excepted } = judged(loose, [exception({ path: escalationPath })]);
  t.deepEqual(
    findings.map(({ path }) => path),
    [dropPath],
  );
  t.deepEqual(
    excepted.map(({ path }) => path),
    [escalationPath],
  );
});

const missing: readonly { title: string; change: Partial<PolicyException> }[] = [
  { title: "another policy", change: { policy: "W03" } },
  { title: "another object", change: { object: "Deployment inference/other" } },
  { title: "the name alone", change: { object: "llama" } },
  { title: "a pattern", change: { object: "Deployment inference/*" } },
  { title: "the path of something above", change: { path: "spec.template.spec" } },
  {
    title: "a path that only begins the same",
    change: { path: `${enginePath}.securityContext.allow` },
  },
];

for (const { title, change } of missing) {
  test(`an exception for ${title} covers nothing, and is told to be unused`, (t) => {
    const { findings, excepted, unusedExceptions } = judged(loose, [exception(change)]);
    t.is(findings.length, 2);
    t.deepEqual(excepted, []);
    t.deepEqual(
      unusedExceptions.map(({ place, why }) => [place, why]),
      [
        [
          "private-llm:policies.exceptions[0]",
          "covers no finding; remove it, or correct object and path as the finding writes them",
        ],
      ],
    );
  });
}

test("an exception holds on its last day", (t) => {
  t.deepEqual(judged(loose, [exception({ expires: today })]).findings, []);
});

test("from the day after it excepts nothing, and is a mandatory violation itself", (t) => {
  const { findings, excepted, unusedExceptions } = judged(loose, [
    exception({ expires: "2026-11-23" }),
  ]);
  t.deepEqual(excepted, []);
  t.deepEqual(unusedExceptions, []);
  t.deepEqual(
    findings.map(({ policy, object, path, enforcement }) => [policy, object, path, enforcement]),
    [
      ["C01", "the stack file", "private-llm:policies.exceptions[0].expires", "mandatory"],
      ["W01", "Deployment inference/llama", escalationPath, "mandatory"],
      ["W01", "Deployment inference/llama", dropPath, "mandatory"],
    ],
  );
  t.is(
    findings[0]?.problem,
    "the exception of W01 for Deployment inference/llama ended on 2026-11-23, so it excepts nothing",
  );
  t.true(findings[0]?.remedy.includes("let platform lead decide again"));
});

test("an expired exception is a violation even where it would cover nothing", (t) => {
  const { findings } = judged(goodResources, [exception({ policy: "Z99", expires: "2020-01-01" })]);
  t.deepEqual(
    findings.map(({ policy }) => policy),
    ["C01"],
  );
});

test("an expired exception does not end a newer one for the same finding", (t) => {
  const both = [exception({ expires: "2026-01-01" }), exception({})];
  t.deepEqual(
    judged(loose, both).findings.map(({ policy }) => policy),
    ["C01"],
  );
});

test("nobody can except what is unknown, nor the report of an expired exception", (t) => {
  const hidden = changed("Deployment/llama", [...template, "volumes"], unknown);
  const blanket = exception({ policy: "C01" });
  const own = exception({ policy: "C01", object: "the stack file" });
  const { findings, unusedExceptions } = judged(hidden, [
    blanket,
    own,
    exception({ expires: "2020-01-01" }),
  ]);
  const objects = findings.filter(({ policy }) => policy === "C01").map(({ object }) => object);
  t.deepEqual(objects, ["Deployment inference/llama", "the stack file"]);
  t.deepEqual(
    unusedExceptions.map(({ why }) => why),
    ["C01 has no exceptions; remove it", "C01 has no exceptions; remove it"],
  );
});

test("nobody can except an object whose name is unknown", (t) => {
  const pod = kube("core/v1:Pod", "x", undefined, {
    metadata: { name: unknown, namespace: "gateway" },
    spec: { hostNetwork: true },
  });
  const { findings, excepted } = judged([pod], [exception({ object: "Pod gateway/(unknown)" })]);
  t.true(findings.some(({ policy }) => policy === "W01"));
  t.deepEqual(excepted, []);
});

for (const level of ["resource", "stack"] as const) {
  test(`nobody can except a ${level} rule that broke down`, (t) => {
    const broken: Rule = {
      id: "W01",
      name: "broken",
      level,
      description: "Breaks down.",
      severity: "low",
      enforcement: "mandatory",
      mapping: {},
      remedy: "mend it",
      check: () => {
        throw new Error("no idea");
      },
    };
    const objects = ["the graph", "Service inference/llama"];
    const exceptions = objects.map((object) => exception({ object }));
    const { findings, excepted, run } = judged(goodResources, exceptions, [broken]);
    t.is(run, 0);
    t.deepEqual(excepted, []);
    t.true(findings.every(({ enforcement }) => enforcement === "mandatory"));
    t.true(findings.some(({ object }) => objects.includes(object)));
  });
}

test("an exception for a policy that does not exist says so", (t) => {
  t.deepEqual(
    judged(goodResources, [exception({ policy: "Z99" })]).unusedExceptions.map(({ why }) => why),
    ["there is no policy Z99; correct the id or remove it"],
  );
});

const refused: readonly { title: string; change: Readonly<Record<string, unknown>> }[] = [
  { title: "for C01", change: { policy: "C01" } },
  { title: "for every policy", change: { policy: "*" } },
  { title: "without a reason worth the name", change: { reason: "ok" } },
  { title: "without an owner", change: { owner: "" } },
  { title: "without an end", change: { expires: undefined } },
  { title: "until a day that does not exist", change: { expires: "2026-02-30" } },
  { title: "until never", change: { expires: "never" } },
  { title: "with a moment for a day", change: { expires: "2026-12-31T23:59:59Z" } },
  { title: "without an object", change: { object: "" } },
  { title: "with a misspelt key", change: { expire: "2026-12-31" } },
];

for (const { title, change } of refused) {
  test(`a stack file cannot hold an exception ${title}`, (t) => {
    const whole = { exceptions: [{ ...exception({}), ...change }] };
    t.false(policiesSchema.safeParse(whole).success);
    t.true(policiesSchema.safeParse({ exceptions: [exception({})] }).success);
  });
}
