import test from "ava";
import * as fc from "fast-check";
import { generate, randomPasswordType, randomSpecs } from "../../deploy/random/generate.ts";
import { markerUse, substitute } from "../../deploy/random/markers.ts";
import { redactor } from "../../deploy/redact.ts";
import { wireObject } from "../../deploy/wire.ts";
import { randomMarker } from "../../offline/render/plan.ts";
import { defaultOptions } from "../../policies/model/resource.ts";
import type { ValueObject } from "../../policies/model/value.ts";
import { planned } from "./support/plan.ts";

function specOf(properties: ValueObject) {
  const resource = {
    urn: "urn:pulumi:dev::p::random::key",
    type: randomPasswordType,
    name: "key",
    properties,
    secrets: [],
    custom: true,
    dependencies: [],
    options: defaultOptions,
  };
  const spec = randomSpecs([resource]).get("key");
  if (spec === undefined) throw new Error("no spec");
  return spec;
}

const classes = [
  { flag: "lower", minimum: "minLower", pattern: /[a-z]/g },
  { flag: "upper", minimum: "minUpper", pattern: /[A-Z]/g },
  { flag: "numeric", minimum: "minNumeric", pattern: /[0-9]/g },
  { flag: "special", minimum: "minSpecial", pattern: /[!@#$%&*()\-_=+[\]{}<>:?]/g },
] as const;

test("a value has its length, only allowed characters, and as many of each class as demanded", (t) => {
  const someClass = fc.record({ used: fc.boolean(), minimum: fc.integer({ min: 0, max: 5 }) });
  const property = fc.property(
    fc.integer({ min: 20, max: 80 }),
    fc
      .tuple(someClass, someClass, someClass, someClass)
      .filter((all) => all.some(({ used }) => used)),
    (length, wanted) => {
      const properties: Record<string, boolean | number> = { length };
      for (const [index, { flag, minimum }] of classes.entries()) {
        properties[flag] = wanted[index]?.used ?? false;
        properties[minimum] = wanted[index]?.minimum ?? 0;
      }
      const value = generate("key", specOf(properties));
      t.is(value.length, length);
      for (const [index, { pattern }] of classes.entries()) {
        const found = value.match(pattern)?.length ?? 0;
        if (wanted[index]?.used === true) t.true(found >= wanted[index].minimum);
        else t.is(found, 0);
      }
    },
  );
  t.notThrows(() => fc.assert(property, { numRuns: 200 }));
});

test("every character is about as likely as any other", (t) => {
  const value = Array.from({ length: 30 }, () =>
    generate("key", specOf({ length: 4096, special: false })),
  ).join("");
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  t.is(counts.size, 62);
  const expected = value.length / 62;
  // Six standard deviations; a byte modulo 62 would favour some characters by 25 %.
  for (const count of counts.values()) t.true(Math.abs(count / expected - 1) < 0.14);
});

test("demanded characters that do not fit are an error", (t) => {
  t.throws(() => generate("key", specOf({ length: 3, minLower: 4 })), {
    message:
      "random value key: 4 characters are demanded of 3; correct its arguments in the program",
  });
});

test("an argument that is not understood is an error, not ignored", (t) => {
  const error = t.throws(() => specOf({ length: 8, alphabet: "abc" }));
  t.regex(
    error.message,
    /^random values that cannot be made here; deploy this stack with the Pulumi CLI\n/,
  );
  t.regex(error.message, /urn:pulumi:dev::p::random::key: .*"alphabet"/);
});

const marker = randomMarker("key");
const base64 = (text: string) => Buffer.from(text).toString("base64");

test("a value is at home where it stands alone in a Secret, plain or base64", (t) => {
  const { names, homes } = markerUse([
    planned("Secret", "plain", { stringData: { a: marker } }),
    planned("Secret", "encoded", { data: { b: base64(marker) } }),
    planned("ConfigMap", "text", { data: { c: marker } }),
  ]);
  t.deepEqual(names, ["key"]);
  t.deepEqual(homes.get("key"), [
    { namespace: "default", secret: "plain", key: "a" },
    { namespace: "default", secret: "encoded", key: "b" },
  ]);
});

test("a value inside longer text is used, and at home nowhere", (t) => {
  const { names, homes } = markerUse([
    planned("Secret", "url", { stringData: { dsn: `postgres://u:${marker}@db` } }),
  ]);
  t.deepEqual(names, ["key"]);
  t.is(homes.get("key"), undefined);
});

test("every marker is replaced, also inside the base64 of a Secret", (t) => {
  const { body } = planned("Secret", "s", {
    data: { a: base64(`x${marker}`), binary: "//79" },
    stringData: { b: `${marker}${marker}` },
  });
  const result = substitute(body, true, () => "v$&");
  t.deepEqual(result["data"], { a: base64("xv$&"), binary: "//79" });
  t.deepEqual(result["stringData"], { b: "v$&v$&" });
});

test("stringData is sent as data, so that its removal is noticed", (t) => {
  const secret = planned("Secret", "s", { stringData: { a: "pläin €" }, data: { b: base64("x") } });
  const { main } = wireObject(secret, "dev", true, () => "");
  t.deepEqual(main["data"], { a: base64("pläin €"), b: base64("x") });
  t.false("stringData" in main);
});

test("an object carries its stack's name, and one that is only patched does not", (t) => {
  const own = wireObject(planned("ConfigMap", "a"), "dev", true, () => "");
  t.deepEqual(own.main["metadata"], {
    name: "a",
    namespace: "default",
    labels: { "private-llm/stack": "dev" },
  });
  const patch = planned("Node", "n", {}, { patch: true, namespace: undefined });
  t.deepEqual(wireObject(patch, "dev", false, () => "").main["metadata"], { name: "n" });
});

test("secret values are cut out of text, plain, base64 and quoted", (t) => {
  const redact = redactor(['hunter"22', "abc"]);
  t.is(
    redact(`a hunter"22 b ${base64('hunter"22')} c ${JSON.stringify('hunter"22')} d abc`),
    'a [secret] b [secret] c "[secret]" d abc',
  );
});
