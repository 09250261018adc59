import test from "ava";
import { rules } from "../../policies/rules.ts";

test("the pack holds the rules of the catalogue, each once", (t) => {
  t.deepEqual(
    rules.map(({ id, name, level }) => `${id} ${name} ${level}`),
    [
      "E04 default-deny stack",
      "E05 no-open-network-policy resource",
      "W01 restricted-pods resource",
      "W03 no-service-account-token resource",
      "W04 images-by-digest resource",
      "A01 usage-statistics-off resource",
      "A02 offline-artefacts resource",
      "C01 no-unknown-values stack",
      "C02 no-opaque-sources stack",
    ],
  );
});

for (const rule of rules) {
  test(`${rule.id} says what must hold, what to do, and is mandatory`, (t) => {
    t.regex(rule.description, /^[A-Z].*\.$/);
    t.regex(rule.remedy, /^[a-z].*[^.]$/);
    t.is(rule.enforcement, "mandatory");
    t.true(["high", "critical"].includes(rule.severity));
  });
}

test("every rule that the catalogue maps to a regulation or a guide names it", (t) => {
  const unmapped = rules.filter(({ mapping }) => Object.keys(mapping).length === 0);
  // The catalogue maps neither: they guard the other rules.
  t.deepEqual(
    unmapped.map(({ id }) => id),
    ["C01", "C02"],
  );
});
