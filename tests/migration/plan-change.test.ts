import test from "ava";
import { phaseNames } from "../../components/lib/migration/phases.ts";
import type { ChangeRequest } from "../../migration/change-request.ts";
import { effectiveRoutes } from "../../migration/effective-routes.ts";
import type { Situation } from "../../migration/plan-change.ts";
import { after, afterAll, made, plan, refusal, situationOf } from "./support/changes.ts";
import { desiredOf } from "./support/desired.ts";

function shares({ desired, override, records }: Situation) {
  const { classes } = effectiveRoutes(desired, override, records);
  return Object.fromEntries(classes.map((one) => [one.desired.name, one.weights]));
}

const set = (weights: Readonly<Record<string, number>>, name = "log-analysis"): ChangeRequest => ({
  action: "set",
  class: name,
  weights,
});

test("shares that are set are in force for their class alone", (t) => {
  const before = situationOf();
  const now = afterAll(before, set({ "self-hosted": 30, "gpt-4-turbo": 70 }));
  t.deepEqual(shares(now), {
    ...shares(before),
    "log-analysis": { "self-hosted": 30, "gpt-4-turbo": 70 },
  });
});

test("a promotion takes the shares of its phase, and leaves what cannot leave as it is", (t) => {
  const planned = made(plan(situationOf(), { action: "promote", phase: "canary", classes: [] }));
  t.deepEqual(planned.record.after["log-analysis"], { "self-hosted": 10, "gpt-4-turbo": 90 });
  t.deepEqual(planned.record.after["customer-support"], { "self-hosted": 0, "gpt-4-turbo": 100 });
  t.deepEqual(
    planned.left.map((left) => left.class),
    ["contract-review"],
  );
  t.is(planned.override.classes["log-analysis"]?.phase, "canary");
});

test("a rollback of everything names the classes that cannot go back", (t) => {
  const full = afterAll(situationOf(), { action: "promote", phase: "full", classes: [] });
  const planned = made(plan(full, { action: "rollback", classes: "all" }));
  t.deepEqual(Object.keys(planned.record.after), ["log-analysis", "customer-support"]);
  t.deepEqual(planned.record.before["customer-support"], { "self-hosted": 100, "gpt-4-turbo": 0 });
  t.deepEqual(planned.record.after["customer-support"], { "self-hosted": 0, "gpt-4-turbo": 100 });
  t.deepEqual(
    planned.left.map(({ class: one, reason }) => [one, reason.includes("back")]),
    [
      ["own-only", true],
      ["contract-review", false],
    ],
  );
});

test("cleared classes follow the stack again, the others stay", (t) => {
  const now = afterAll(
    situationOf(),
    { action: "promote", phase: "full", classes: [] },
    { action: "clear", classes: ["log-analysis"] },
  );
  t.deepEqual(shares(now)["log-analysis"], { "self-hosted": 0, "gpt-4-turbo": 100 });
  t.deepEqual(shares(now)["customer-support"], { "self-hosted": 100, "gpt-4-turbo": 0 });
  const all = afterAll(now, { action: "clear", classes: [] });
  t.deepEqual(shares(all), shares(situationOf()));
  t.is(effectiveRoutes(all.desired, all.override, all.records).override.state, "none");
  t.is(plan(all, { action: "clear", classes: [] }).kind, "nothing");
});

test("a change beside a void override starts from the stack", (t) => {
  const before = afterAll(situationOf(), { action: "promote", phase: "full", classes: [] });
  const changed = { ...before, desired: desiredOf({ publicModel: "other" }) };
  const now = afterAll(changed, set({ "self-hosted": 50, "gpt-4-turbo": 50 }));
  t.deepEqual(shares(now)["customer-support"], { "self-hosted": 0, "gpt-4-turbo": 100 });
  t.deepEqual(shares(now)["log-analysis"], { "self-hosted": 50, "gpt-4-turbo": 50 });
  const cleared = plan(changed, { action: "clear", classes: [] });
  t.is(cleared.kind, "change");
});

const refusals: readonly (readonly [string, ChangeRequest, RegExp])[] = [
  [
    "a closed class",
    set({ "self-hosted": 100 }, "contract-review"),
    /restricted: .*static; change its shares in the stack file/,
  ],
  [
    "an unknown class",
    set({ "self-hosted": 100 }, "x"),
    /"x" is no task class; classes are log-analysis, customer-support, own-only, contract-review/,
  ],
  [
    "an unknown backend",
    set({ x: 100 }),
    /"x" is no backend of class log-analysis; name one of self-hosted, gpt-4-turbo/,
  ],
  ["a sum below 100", set({ "self-hosted": 10 }), /add up to 10 percent/],
  [
    "half a percent",
    set({ "self-hosted": 0.5, "gpt-4-turbo": 99.5 }),
    /self-hosted=0.5 is no whole percentage/,
  ],
  [
    "less than nothing",
    set({ "self-hosted": -10, "gpt-4-turbo": 110 }),
    /is no whole percentage from 0 to 100/,
  ],
  [
    "an unknown phase",
    { action: "promote", phase: "x", classes: [] },
    /phases are poc, canary, expand, full, hybrid/,
  ],
  [
    "the promotion of a closed class",
    { action: "promote", phase: "full", classes: ["contract-review"] },
    /static/,
  ],
  [
    "the rollback of a class that came from nowhere",
    { action: "rollback", classes: ["own-only"] },
    /no backend outside to go back to/,
  ],
  [
    "the rollback of a closed class",
    { action: "rollback", classes: ["contract-review"] },
    /cannot go outside/,
  ],
  ["a rollback of nothing", { action: "rollback", classes: [] }, /name a class, or --all/],
];

for (const [title, request, text] of refusals) {
  test(`refused: ${title}`, (t) => {
    t.regex(refusal(plan(situationOf(), request)), text);
  });
}

for (const [title, reason] of [
  ["no reason", " "],
  ["a reason that steers a terminal", "a\u001b[2J"],
  ["a reason of many pages", "a".repeat(501)],
] as const) {
  test(`refused: ${title}`, (t) => {
    t.is(plan(situationOf(), set({ "self-hosted": 100 }), reason).kind, "refused");
  });
}

test("records number themselves and name the one before", (t) => {
  const one = afterAll(situationOf(), set({ "self-hosted": 100 }));
  const planned = made(plan(one, { action: "rollback", classes: ["log-analysis"] }));
  t.is(planned.record.sequence, 2);
  t.is(planned.record.previous, one.records[0]?.hash ?? null);
  t.is(after(one, planned).records.length, 2);
});

test("every phase of a class adds up to 100", (t) => {
  for (const { phases } of desiredOf().classes) {
    for (const phase of phaseNames) {
      t.is(
        Object.values(phases[phase]).reduce((sum, share) => sum + share, 0),
        100,
      );
    }
  }
});
