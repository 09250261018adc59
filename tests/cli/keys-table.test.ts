import test from "ava";
import {
  type KeyRing,
  keyRingData,
  readKeyRing,
  unlisted,
  withKey,
  withoutKey,
} from "../../cli/keys/table.ts";
import { desiredOf } from "../migration/support/desired.ts";

const key = (letter: string) => `pllm_${letter.repeat(43)}`;
const empty = readKeyRing({});

function issued(ring: KeyRing, id: string, secret: string, name: string): KeyRing {
  const found = desiredOf().classes.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return withKey(ring, {
    id,
    key: secret,
    team: "search",
    class: found,
    created: "now",
    by: "alice",
  });
}

const two = issued(
  issued(empty, "k-1", key("a"), "log-analysis"),
  "k-2",
  key("b"),
  "contract-review",
);

test("a key goes to the proxy of its class and to no other", (t) => {
  const data = keyRingData(two);
  t.deepEqual(Object.keys(data), ["gateway.json", "gateway-closed.json", "keys.json"]);
  t.true(data["gateway.json"]?.includes(key("a")));
  t.false(data["gateway.json"]?.includes(key("b")));
  t.true(data["gateway-closed.json"]?.includes(key("b")));
  t.regex(data["gateway.json"] ?? "", /"client": "log-analysis\/search\/[0-9a-f]{12}"/);
});

test("the table holds no key", (t) => {
  const table = keyRingData(two)["keys.json"] ?? "";
  t.false(table.includes(key("a")) || table.includes("aaaa"));
  t.true(table.includes("k-1") && table.includes("alice"));
});

test("what was written is read back", (t) => {
  t.deepEqual(readKeyRing(keyRingData(two)), two);
  t.deepEqual(readKeyRing(keyRingData(empty)), empty);
});

test("a revoked key is gone from file and table, and the others stay", (t) => {
  const one = withoutKey(two, "k-1");
  if (one === undefined) throw new Error("not revoked");
  const text = JSON.stringify(keyRingData(one));
  t.false(text.includes(key("a")));
  t.true(text.includes(key("b")));
  t.is(one.table.length, 1);
  t.is(withoutKey(two, "k-3"), undefined);
});

test("a key that is in no table is shown, without the key", (t) => {
  t.deepEqual(unlisted(two), []);
  const strange = { ...two, table: two.table.slice(1) };
  t.deepEqual(
    unlisted(strange).map(({ client }) => client),
    ["log-analysis/search"],
  );
  t.false(JSON.stringify(unlisted(strange)).includes("aaaa"));
});

test("a Secret of another form is a fault that shows nothing of it", (t) => {
  for (const [name, text] of [
    ["gateway.json", `{"key":"${key("a")}"}`],
    ["gateway.json", key("a")],
    ["keys.json", `{"version":1,"keys":["${key("a")}"]}`],
  ] as const) {
    const error = t.throws(() => readKeyRing({ [name]: text }));
    t.true(error.message.startsWith(name));
    t.false(error.message.includes("aaaa"));
  }
});
