import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import test from "ava";
import type { Resource } from "../../policies/model/resource.ts";
import { repository } from "../support/repository-copy.ts";
import { refusedByPodSecurity, refusedByPolicy } from "./admission-column.ts";
import { variantId } from "./leak.ts";
import { caughtElsewhere, notYet } from "./not-yet.ts";
import { probeAttempts } from "./probe-column.ts";
import { realStacks } from "./support/stacks.ts";
import { leaks } from "./table.ts";

const ids = leaks.flatMap((leak) => leak.variants.map((variant) => variantId(leak, variant)));

test("the table holds the 56 leaks in order, each with its own words", (t) => {
  t.deepEqual(
    leaks.map((leak) => leak.row),
    Array.from({ length: 56 }, (_, index) => index + 1),
  );
  t.is(new Set(leaks.map((leak) => leak.title)).size, 56);
});

const refused = new Set([...refusedByPodSecurity, ...refusedByPolicy]);

test("each leak stands in the column that the data put it into", (t) => {
  for (const leak of leaks) {
    const possible = leak.variants.length > 0;
    const refusable = leak.variants.every((variant) => refused.has(variantId(leak, variant)));
    const probed = leak.row in probeAttempts;
    t.is(
      possible,
      leak.catchers.length > 0,
      `row ${leak.row} has rules and no variant, or none and some`,
    );
    const holds = {
      policy: possible,
      admission: possible && refusable,
      probe: !possible && probed,
      "out-of-reach": !possible && !probed,
    };
    t.true(holds[leak.column], `row ${leak.row} is not stopped in column ${leak.column}`);
    t.true(leak.catchers.every((rule) => /^[A-Z]\d\d$/.test(rule)));
  }
});

test("every variant has a name of its own, and the columns name no other", (t) => {
  t.is(new Set(ids).size, ids.length);
  const listed = [...refused, ...Object.keys(caughtElsewhere)];
  t.deepEqual(
    listed.filter((id) => !ids.includes(id)),
    [],
  );
  const rows = [...Object.keys(notYet), ...Object.keys(probeAttempts)].map(Number);
  t.deepEqual(
    rows.filter((row) => row < 1 || row > 56),
    [],
  );
});

test("resources of AWS are of types that its SDK has, with inputs that they take", async (t) => {
  const stacks = await realStacks();
  const faults = leaks.flatMap((leak) =>
    leak.variants.flatMap((variant) => {
      const { graph } = stacks[variant.stack];
      const touched = variant.change(graph).filter((resource) => !graph.includes(resource));
      return touched.flatMap((resource) =>
        unlikeSdk(resource).map((fault) => `${variantId(leak, variant)}: ${fault}`),
      );
    }),
  );
  t.deepEqual(faults, []);
});

/** The generated module of a resource names its type and every input. */
function unlikeSdk({ type, properties }: Resource): readonly string[] {
  const module = /^aws:([^:]+):/.exec(type)?.[1];
  if (module === undefined) return [];
  const file = path.join(repository, "node_modules/@pulumi/aws", `${module}.js`);
  const source = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (!source.includes(`__pulumiType = '${type}'`)) return [`${type} is no type`];
  return Object.keys(properties)
    .filter((key) => !source.includes(`resourceInputs["${key}"]`))
    .map((key) => `${type} takes no ${key}`);
}
