import test from "ava";
import { desiredHash } from "../../components/lib/migration/desired.ts";
import { type Override, overrideSchema } from "../../components/lib/migration/override.ts";
import { effectiveRoutes, foundOverride } from "../../migration/effective-routes.ts";
import type { Situation } from "../../migration/plan-change.ts";
import { readDesired } from "../../migration/read-desired.ts";
import { recordData, recordName, storedRecord } from "../../migration/stored-record.ts";
import { afterAll, situationOf } from "./support/changes.ts";
import { desiredOf } from "./support/desired.ts";

const sound = afterAll(situationOf(), { action: "promote", phase: "full", classes: [] });

function state({ desired, override, records }: Situation) {
  const routes = effectiveRoutes(desired, override, records);
  const { state: found } = routes.override;
  if (found === "void") {
    // Void means that nothing of it is in force.
    const own = effectiveRoutes(desired, { kind: "absent" }, []);
    if (JSON.stringify(own.classes) !== JSON.stringify(routes.classes)) return "half in force";
    return routes.override.reason;
  }
  return found;
}

function changed(change: Partial<Override>): Situation {
  if (sound.override.kind !== "read") throw new Error("no override");
  const override = overrideSchema.parse({ ...sound.override.override, ...change });
  return { ...sound, override: { kind: "read", override } };
}

test("an override with its record is in force", (t) => {
  t.is(state(sound), "in-force");
  t.is(state(situationOf()), "none");
});

test("an override is void beside other desired routes", (t) => {
  for (const change of [{ publicModel: "other" }, { phase: "canary" }]) {
    t.regex(state({ ...sound, desired: desiredOf(change) }), /the stack changed since/);
  }
});

test("an override is void without its record", (t) => {
  t.regex(state({ ...sound, records: [] }), /its record traffic-record-000001 does not exist/);
});

test("an override is void where it says something else than its record", (t) => {
  const classes = {
    "log-analysis": { phase: null, weights: { "self-hosted": 1, "gpt-4-turbo": 99 } },
  };
  t.regex(state(changed({ classes })), /says something else than its record/);
  t.regex(state(changed({ classes: {} })), /says something else than its record/);
  const hash = "0".repeat(64);
  t.regex(state(changed({ record: { sequence: 1, hash } })), /another content than it names/);
});

test("an override does not follow a new stack by a new hash alone", (t) => {
  const desired = desiredOf({ publicModel: "other" });
  const moved = { ...changed({ desiredHash: desiredHash(desired) }), desired };
  t.regex(state(moved), /says something else than its record/);
});

test("an override is void where its record names another author than the API server knew", (t) => {
  const [record] = sound.records;
  if (record?.record === undefined) throw new Error("no record");
  const data = { ...recordData(record.record), user: "mallory" };
  const records = [storedRecord(recordName(1), data)];
  t.regex(state({ ...sound, records }), /names a user that is not its author/);
});

test("an override that cannot be read is void and says so", (t) => {
  for (const text of ["", "{", "{}", '{"version":2}']) {
    t.regex(state({ ...sound, override: foundOverride(text) }), /it cannot be read/);
  }
});

test("an override with its own record moves no class that is not public", (t) => {
  const classes = { "contract-review": { phase: null, weights: { "self-hosted": 100 } } };
  t.regex(state(forged(classes)), /class contract-review, which is restricted/);
  t.regex(
    state(forged({ gone: { phase: null, weights: {} } })),
    /class gone, which the stack does not have/,
  );
  const half = { "log-analysis": { phase: null, weights: { "self-hosted": 50 } } };
  t.regex(state(forged(half)), /add up to 50 percent/);
});

/** An override that somebody wrote with a record of their own, past the command. */
function forged(classes: Override["classes"]): Situation {
  const [first] = sound.records;
  if (first?.record === undefined) throw new Error("no record");
  const stored = storedRecord(recordName(1), recordData({ ...first.record, classes }));
  const { override } = changed({ classes, record: { sequence: 1, hash: stored.hash } });
  return { ...sound, override, records: [stored] };
}

test("desired routes that could send a request astray are a fault", (t) => {
  const desired = desiredOf();
  const text = (change: (classes: typeof desired.classes) => unknown) =>
    JSON.stringify({ ...desired, classes: change(desired.classes) });
  const read = (given: string | undefined) => {
    const result = readDesired(given);
    return result.ok ? "ok" : result.fault;
  };
  t.is(read(JSON.stringify(desired)), "ok");
  t.is(read(undefined), "is missing");
  t.regex(read(text((classes) => [...classes, ...classes])), /class log-analysis is there twice/);
  const [open] = desired.classes;
  t.regex(
    read(text(() => [{ ...open, dataClass: "restricted" }])),
    /restricted and names a backend outside/,
  );
  const poc = { "self-hosted": 50 };
  t.regex(
    read(text(() => [{ ...open, phases: { ...open?.phases, poc } }])),
    /phase poc: the shares add up to 50/,
  );
});
