import * as path from "node:path";
import test from "ava";
import { stringify } from "yaml";
import { allStacks } from "../../cli/support/stacks.ts";
import { reportOf } from "../../offline/check.ts";
import { readStack } from "../../offline/stack/read-stack.ts";
import { repository } from "../support/repository-copy.ts";
import { helm } from "../support/tools.ts";
import { byUrn, line } from "./support/graph-lines.ts";

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
