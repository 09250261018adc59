import test from "ava";
import { rules } from "../../policies/rules.ts";

/** Families in the order of the catalogue. */
const families = ["E", "W", "A", "M", "S", "C", "O"];

test("the pack holds each rule once, in the order of the catalogue", (t) => {
  const place = ({ id }: { id: string }) =>
    families.indexOf(id.charAt(0)) * 100 + Number(id.slice(1));
  t.deepEqual(
    rules.map(({ id }) => id),
    [...new Map(rules.map((rule) => [rule.id, rule])).values()]
      .toSorted((a, b) => place(a) - place(b))
      .map(({ id }) => id),
  );
});

/** Rules that warn: the catalogue calls what they look for a matter of operations. */
const advisory = new Set(["A14", "O05", "O06"]);

for (const rule of rules) {
  test(`${rule.id} says what must hold, what to do, and whether it binds`, (t) => {
    t.regex(rule.description, /^[A-Z].*\.$/);
    t.regex(rule.remedy, /^[a-z].*[^.]$/);
    t.is(rule.enforcement, advisory.has(rule.id) ? "advisory" : "mandatory");
    t.true(["low", "medium", "high", "critical"].includes(rule.severity));
  });
}

/** Rules that the catalogue maps to nothing: they guard the other rules, or money, or no guide knows their subject. */
const unmapped = new Set([
  "A16",
  "C01",
  "C02",
  "C04",
  "E08",
  "E10",
  "E11",
  "E13",
  "E18",
  "S05",
  "W09",
]);

test("every rule that the catalogue maps to a regulation or a guide names it", (t) => {
  const silent = rules.filter(({ mapping }) => Object.keys(mapping).length === 0);
  t.deepEqual(
    // What keeps a service running is no matter of protecting data.
    silent.map(({ id }) => id).filter((id) => !unmapped.has(id) && !id.startsWith("O")),
    [],
  );
});
