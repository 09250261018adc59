import test from "ava";
import { UsageError } from "../../cli/support/usage.ts";
import { trafficCall } from "../../cli/traffic/arguments.ts";
import { historyText } from "../../cli/traffic/history-report.ts";
import { complaints, type StatusReport, statusText } from "../../cli/traffic/status-report.ts";
import type { GatewayStatus } from "../../components/lib/migration/status.ts";
import { effectiveRoutes } from "../../migration/effective-routes.ts";
import { changeProgress } from "../../migration/progress.ts";
import { afterAll, situationOf } from "../migration/support/changes.ts";

const calls: readonly (readonly [string, unknown])[] = [
  ["status", { verb: "status", watch: false, json: false }],
  ["status --watch --json", { verb: "status", watch: true, json: true }],
  ["history --verify", { verb: "history", verify: true, json: false }],
  [
    "promote canary",
    { reason: "promote to canary", request: { action: "promote", phase: "canary", classes: [] } },
  ],
  [
    "promote full a b --reason now",
    { reason: "now", request: { action: "promote", phase: "full", classes: ["a", "b"] } },
  ],
  ["rollback --all", { reason: "rollback", request: { action: "rollback", classes: "all" } }],
  ["rollback a", { reason: "rollback", request: { action: "rollback", classes: ["a"] } }],
  ["clear", { reason: "back to what the stack says", request: { action: "clear", classes: [] } }],
  [
    "set a --weights x=10,y=90% --reason why --timeout 3",
    {
      reason: "why",
      timeout: 3,
      request: { action: "set", class: "a", weights: { x: 10, y: 90 } },
    },
  ],
];

for (const [line, wanted] of calls) {
  test(`understood: traffic ${line}`, (t) => {
    t.like(trafficCall(line.split(" ")).call, wanted ?? {});
  });
}

const faults: readonly (readonly [string, RegExp])[] = [
  ["", /say what to do/],
  ["promot", /"promot" is no command/],
  ["status extra", /leave out extra/],
  ["set a", /set needs a class and --weights/],
  ["set a --weights x=100", /set needs --reason TEXT/],
  ["set a --weights x --reason y", /"x" is not BACKEND=PERCENT/],
  ["set a --weights x=10.5,y=89.5 --reason y", /with a whole number/],
  ["set a --weights x=50,x=50 --reason y", /x is there twice/],
  ["promote", /promote needs a phase/],
  ["rollback", /rollback needs classes or --all, and not both/],
  ["rollback a --all", /rollback needs classes or --all, and not both/],
  ["clear --all", /--all belongs to rollback, not to clear/],
  ["status --reason x", /--reason belongs to set, promote, rollback, clear, not to status/],
  ["promote canary --weights x=100", /--weights belongs to set/],
  ["promote canary --timeout soon", /--timeout soon: give whole seconds/],
];

for (const [line, text] of faults) {
  test(`not understood: traffic ${line}`, (t) => {
    const error = t.throws(() => trafficCall(line === "" ? [] : line.split(" ")), {
      instanceOf: UsageError,
    });
    t.regex(error.message, text);
  });
}

const now = new Date("2026-01-01T00:01:00Z");
const situation = afterAll(situationOf(), { action: "promote", phase: "canary", classes: [] });
const { desired } = situation;

function report(change: Partial<GatewayStatus> = {}): StatusReport {
  const routes = effectiveRoutes(desired, situation.override, situation.records);
  const classes = routes.classes.map(({ desired: one, phase, weights, overridden }) => [
    one.name,
    { dataClass: one.dataClass, phase, weights: { ...weights }, overridden },
  ]);
  const status: GatewayStatus = {
    version: 1,
    time: "2026-01-01T00:00:50Z",
    desiredHash: null,
    desiredFault: null,
    override: routes.override,
    routesVersion: "v2",
    classes: Object.fromEntries(classes),
    replicas: [
      { node: "gateway-a", proxy: "gateway", version: "v2", seen: "2026-01-01T00:00:40Z" },
    ],
    ...change,
  };
  return { stack: "dev", desired, status, now };
}

test("the status shows each class as the stack wants it and as it is", (t) => {
  t.snapshot(statusText(report()));
  t.deepEqual(complaints(report()), []);
});

test("what is not as it should be is said", (t) => {
  const replica = { node: "gateway-a", proxy: "gateway", version: "v1", seen: "" };
  const said = (change: Partial<GatewayStatus>) => complaints(report(change)).join("\n");
  t.regex(said({ replicas: [replica] }), /^gateway-a has routes v1$/);
  t.regex(said({ replicas: [] }), /^no gateway replica asks for routes$/);
  t.regex(
    said({ time: "2026-01-01T00:00:00Z", desiredFault: "desired routes: x" }),
    /^desired routes: x; the last good routes stay$/,
  );
  t.regex(said({ time: "2025-12-31T00:00:00Z" }), /has not reported since 2025-12-31T00:00:00Z/);
  const record = { sequence: 1, hash: "" };
  t.regex(
    said({ override: { state: "void", record, reason: "the stack changed since" } }),
    /^override VOID, the stack's shares are in force: the stack changed since; say again/,
  );
  t.regex(complaints({ ...report(), status: undefined }).join(), /never reported/);
  t.true(statusText({ ...report(), status: undefined }).includes("state unknown"));
});

test("the history shows who, when, why and from what to what, and nothing that steers a terminal", (t) => {
  const records = situation.records.map((one) =>
    one.record === undefined ? one : { ...one, record: { ...one.record, user: "al\u001b[2Jice" } },
  );
  t.snapshot(historyText(records));
});

test("a change is in force once every replica accepted the routes of its record", (t) => {
  const { status } = report();
  const record = status?.override.record ?? { sequence: 0, hash: "" };
  t.is(changeProgress(status, record).kind, "in-force");
  t.is(changeProgress(undefined, record).kind, "waiting");
  t.is(changeProgress(status, { ...record, sequence: 2 }).kind, "waiting");
  t.is(changeProgress(status, { ...record, hash: "other" }).kind, "failed");
  t.is(changeProgress(report({ replicas: [] }).status, record).kind, "waiting");
  t.is(changeProgress(report({ routesVersion: "v3" }).status, record).kind, "waiting");
  const gone = report({ override: { state: "void", record, reason: "x" } }).status;
  t.is(changeProgress(gone, record).kind, "failed");
});
