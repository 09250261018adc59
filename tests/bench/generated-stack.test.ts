import { readFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { generatedStack } from "../../bench/generated-stack.ts";
import { reportOf } from "../../offline/check.ts";
import { readStack } from "../../offline/stack/read-stack.ts";
import { repository } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

for (const size of [100, 300]) {
  test(`a generated stack of ${size} resources is sound, clean and of about that size`, async (t) => {
    const root = await temporaryFolder(t, {
      "Pulumi.yaml": await readFile(path.join(repository, "Pulumi.yaml"), "utf8"),
      "stacks/Pulumi.bench.yaml": generatedStack(size),
    });
    const read = await readStack("bench", {
      root,
      charts: undefined,
      helm: () => Promise.reject(new Error("no chart is in this stack")),
      cache: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    });
    t.true(Math.abs(read.resources.length - size) <= size * 0.1, `${read.resources.length}`);
    t.deepEqual(reportOf(read, "2026-11-24", 0).findings, []);
  });
}
