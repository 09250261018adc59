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

test("every rule that the catalogue maps to a regulation or a guide names it", (t) => {
  const unmapped = rules.filter(({ mapping }) => Object.keys(mapping).length === 0);
  // The catalogue maps none of these: they guard other rules, or are matters of operations.
  const expected = ["E08", "E10", "E11", "E13", "S05", "C01", "C02", "C04"];
  t.deepEqual(
    unmapped.map(({ id }) => id).filter((id) => !id.startsWith("O") && !expected.includes(id)),
    [],
  );
});
