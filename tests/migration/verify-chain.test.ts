import test from "ava";
import fc from "fast-check";
import { overrideOf } from "../../migration/plan-change.ts";
import {
  recordData,
  recordName,
  type StoredRecord,
  storedRecord,
} from "../../migration/stored-record.ts";
import { verifyChain } from "../../migration/verify-chain.ts";
import { afterAll, situationOf } from "./support/changes.ts";

const { records } = afterAll(
  situationOf(),
  { action: "promote", phase: "canary", classes: [] },
  { action: "set", class: "log-analysis", weights: { "self-hosted": 50, "gpt-4-turbo": 50 } },
  { action: "rollback", classes: "all" },
  { action: "clear", classes: [] },
);

const last = records.at(-1)?.record;
/** What the override of the last change refers to. */
const head = last === undefined ? undefined : overrideOf(last).record;

function kinds(changed: readonly StoredRecord[], against?: typeof head) {
  return verifyChain(changed, against).map(({ record, kind }) => `${record} ${kind}`);
}

/** The chain with other data for one record. */
function withData(index: number, change: (data: Record<string, string>) => Record<string, string>) {
  return records.map((one, place) => {
    if (place !== index || one.record === undefined) return one;
    return storedRecord(one.name, change(recordData(one.record)));
  });
}

test("a chain as it was written has no fault, in whatever order it is read", (t) => {
  t.is(records.length, 4);
  t.deepEqual(verifyChain(records), []);
  t.deepEqual(verifyChain(records.toReversed()), []);
  t.deepEqual(verifyChain([]), []);
});

test("a record that is missing is a gap, at the start and in the middle", (t) => {
  t.deepEqual(kinds(records.slice(1)), ["traffic-record-000002 gap"]);
  t.deepEqual(kinds(records.toSpliced(1, 1)), ["traffic-record-000003 gap"]);
});

test("records cut off at the end show against the override", (t) => {
  t.deepEqual(kinds(records, head), []);
  t.deepEqual(kinds(records.slice(0, -1), head), ["traffic-record-000004 gap"]);
});

test("a record under another name is found", (t) => {
  const moved = records.map((one, index) =>
    index === 3 ? { ...one, name: recordName(5), sequence: 5 } : one,
  );
  t.deepEqual(kinds(moved), ["traffic-record-000005 name", "traffic-record-000005 gap"]);
  const note = storedRecord("traffic-record-1", {});
  t.deepEqual(kinds([...records, note]), ["traffic-record-1 name"]);
});

test("content that does not have the hash beside it is found, also in the last record", (t) => {
  const forged = withData(3, (data) => ({ ...data, hash: "0".repeat(64) }));
  t.deepEqual(kinds(forged), ["traffic-record-000004 content"]);
});

test("another user than the API server knew is found", (t) => {
  t.deepEqual(kinds(withData(1, (data) => ({ ...data, user: "mallory" }))), [
    "traffic-record-000002 user",
  ]);
});

/** Every place inside a value, as a path. */
function places(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([key, part]) => places(part, [...at, key]));
}

function put(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = { ...(typeof value === "object" && value !== null ? value : {}) };
  return { ...copy, [key]: put(Reflect.get(copy, key), rest, to) };
}

const mutation = fc.nat({ max: records.length - 1 }).chain((index) =>
  fc.record({
    index: fc.constant(index),
    place: fc.constantFrom(...places(records[index]?.record)),
    to: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
  }),
);

test("no field of any record can be changed unseen, not even with the hash beside it", (t) => {
  fc.assert(
    fc.property(mutation, fc.boolean(), ({ index, place, to }, withHash) => {
      const { record } = records[index] ?? {};
      const changed = put(record, place, to);
      if (JSON.stringify(changed) === JSON.stringify(record)) return true;
      const text = JSON.stringify(changed);
      const { hash } = storedRecord(recordName(index + 1), { "record.json": text });
      const forged = withData(index, (data) => ({
        ...data,
        "record.json": text,
        ...(withHash ? { hash } : {}),
      }));
      return verifyChain(forged, head).length > 0;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});
