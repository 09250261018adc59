import { createHash } from "node:crypto";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { readArchiveDigest } from "../../lock/chart-digest.ts";
import { ReadError } from "../../lock/read-error.ts";
import { ociReference } from "../../lock/readers.ts";
import { ensureTool } from "../../tools/cluster/binaries/ensure.ts";
import { consoleProgress } from "../../tools/cluster/progress.ts";
import { startChartRepository } from "./support/chart-repository.ts";

const signal = AbortSignal.timeout(120_000);
const chart = { chart: "stack", version: "v1.2.3" };
const archive = "stack-v1.2.3.tgz";
let program = "";

test.before("Helm", async (t) => {
  t.timeout(600_000);
  program = await ensureTool("helm", { progress: consoleProgress() });
});

test("the digest of a chart is the SHA-256 of its archive", async (t) => {
  const { site, read } = await setUp(t.teardown);
  const bytes = await readFile(path.join(site.folder, archive));
  t.is(await read(), `sha256:${createHash("sha256").update(bytes).digest("hex")}`);
});

test("an archive that differs from the repository's index is refused", async (t) => {
  const { site, read } = await setUp(t.teardown);
  const file = path.join(site.folder, archive);
  const indexed = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  await appendFile(file, "x");
  const served = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  const error = await t.throwsAsync(read, { instanceOf: ReadError });
  t.is(
    error.message,
    `chart stack v1.2.3 of ${site.url}: the archive has SHA-256 ${served}, and the index of its repository says ${indexed}`,
  );
});

test("an archive of an index without digests is read, although nothing confirms it", async (t) => {
  const { site, read } = await setUp(t.teardown);
  const index = path.join(site.folder, "index.yaml");
  await writeFile(index, (await readFile(index, "utf8")).replace(/^ *digest: .*\n/m, ""));
  t.regex(await read(), /^sha256:[0-9a-f]{64}$/);
});

test("a version that the repository does not list is refused, not replaced by a near one", async (t) => {
  const { site, read } = await setUp(t.teardown);
  const error = await t.throwsAsync(read("1.2"), { instanceOf: ReadError });
  t.is(
    error.message,
    `chart stack 1.2 of ${site.url}: the index of its repository lists no such version`,
  );
});

test("a repository without encryption on another machine is not read", async (t) => {
  const error = await t.throwsAsync(
    readArchiveDigest(
      { program, env: process.env },
      { ...chart, repository: "http://charts.example" },
      signal,
    ),
    { instanceOf: ReadError },
  );
  t.is(
    error.message,
    "chart stack v1.2.3 of http://charts.example: its repository is neither https:// nor oci:// nor on this machine",
  );
});

test("a chart of a registry is read by its tag, in which + is written as _", (t) => {
  const repository = "oci://registry.example/charts";
  t.is(
    ociReference({ repository, chart: "stack", version: "1.0.0+x" }),
    "registry.example/charts/stack:1.0.0_x",
  );
});

async function setUp(teardown: (close: () => Promise<void>) => void) {
  const site = await startChartRepository(program, [chart]);
  teardown(site.close);
  const read = (version = chart.version) =>
    readArchiveDigest(
      { program, env: process.env },
      { chart: chart.chart, version, repository: site.url },
      signal,
    );
  return { site, read };
}
