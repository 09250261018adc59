import * as path from "node:path";
import test from "ava";
import { stringify } from "yaml";
import { allStacks } from "../../cli/support/stacks.ts";
import { reportOf } from "../../offline/check.ts";
import type { RecordedResource } from "../../offline/recorder.ts";
import { readStack } from "../../offline/stack/read-stack.ts";
import { at, isArray, unknown, type ValueObject } from "../../policies/model/value.ts";
import { repository } from "../support/repository-copy.ts";
import { helm } from "../support/tools.ts";

// The SDK of Kubernetes would put the path of whoever runs the tests into the graph.
delete process.env["KUBECONFIG"];

/** Everything a provider would return is unknown, and charts are the small ones of the fixtures. */
function read(stack: string) {
  return readStack(stack, {
    root: repository,
    charts: path.join(repository, "tests/fixtures/charts"),
    helm,
    cache: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
  });
}

/** A resource as a reviewer reads it in a diff. */
function line({ urn, type, properties, secrets, options, dependencies }: RecordedResource) {
  return {
    urn,
    properties: JSON.parse(
      JSON.stringify(reviewed(type, properties), (_, value: unknown) =>
        value === unknown ? "(unknown)" : value,
      ),
    ) as unknown,
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(options.protect || options.retainOnDelete || options.ignoreChanges.length > 0
      ? { options }
      : {}),
    ...(dependencies.length > 0 ? { dependencies: dependencies.toSorted() } : {}),
  };
}

/** C04 demands generated expressions to the letter, so of an admission policy its messages are enough to read. */
function reviewed(type: string, properties: ValueObject): ValueObject {
  const validations = at(properties, "spec", "validations");
  if (!type.endsWith(":ValidatingAdmissionPolicy") || !isArray(validations)) return properties;
  const messages = validations.map((validation) => at(validation, "message") ?? null);
  return { metadata: properties["metadata"], messages };
}

function byUrn(a: RecordedResource, b: RecordedResource): number {
  if (a.urn === b.urn) return 0;
  return a.urn < b.urn ? -1 : 1;
}

for (const stack of await allStacks()) {
  test(`the graph of ${stack} is the one that was reviewed, and policies find it clean`, async (t) => {
    const stackRead = await read(stack);
    t.snapshot(stringify(stackRead.resources.toSorted(byUrn).map(line), { lineWidth: 0 }));
    const report = reportOf(stackRead, "2026-11-24", 0);
    t.deepEqual(report.findings, []);
    t.deepEqual(report.undecided, []);
    t.is(report.rules.run, report.rules.defined);
  });
}

test("the stacks are the four that the documentation names", async (t) => {
  t.deepEqual(await allStacks(), ["dev", "prod", "staging", "staging-cluster"]);
});

test("every stack stays below the size at which the engine becomes slow", async (t) => {
  for (const stack of await allStacks()) {
    const { resources } = await read(stack);
    t.true(resources.length < 300, `${stack} has ${resources.length} resources`);
  }
});
