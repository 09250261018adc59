import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { exampleEntries, imageKey, parseLock } from "../../infra/lock.ts";
import { type Reader, readerOf, type Sources } from "../../lock/readers.ts";
import {
  exitCodeOf,
  type LockRequest,
  type LockSurroundings,
  type Mode,
  runLock,
} from "../../lock/run-lock.ts";
import { builtKeys, type Catalogue, catalogueOf, kinds, subjectsOf } from "../../lock/subjects.ts";
import { ensureTools } from "../../tools/cluster/binaries/ensure.ts";
import { consoleProgress, silentProgress } from "../../tools/cluster/progress.ts";
import { startChartRepository } from "./support/chart-repository.ts";
import { revisionOf, startHub } from "./support/hub.ts";
import { startRegistry } from "./support/registry.ts";

const digest = `sha256:${"5".repeat(64)}` as const;
const commit = "c".repeat(40);
const catalogue = catalogueOf(["org/model", "acme/model-awq"]);

test.before("tools", async (t) => {
  t.timeout(600_000);
  await ensureTools(["crane", "helm"], { progress: consoleProgress() });
});

test("a full lock holds no example", async (t) => {
  const [crane = "", helm = ""] = await ensureTools(["crane", "helm"]);
  const registry = await startRegistry(crane);
  t.teardown(registry.close);
  const site = await startChartRepository(helm, catalogue.charts);
  t.teardown(site.close);
  const hub = await startHub();
  t.teardown(hub.close);
  const mirror = { host: registry.host };
  for (const image of catalogue.images) {
    await registry.push(imageKey(image), image.tag);
  }
  const local: Catalogue = {
    ...catalogue,
    charts: catalogue.charts.map((chart) => ({ ...chart, repository: site.url })),
  };
  const sources: Sources = {
    crane,
    helm,
    hub: { url: hub.url },
    mirror,
    insecure: false,
    env: process.env,
  };
  const { file, run } = await setUp(t, local, readerOf(sources));
  const result = await run("whole");
  t.deepEqual(result.failures, []);
  t.is(result.examples, 0);
  const lock = parseLock(await readFile(file, "utf8"), file);
  t.deepEqual(exampleEntries(lock), []);
  t.is(
    Object.values({ ...lock.images, ...lock.charts, ...lock.models }).length,
    subjectsOf(catalogue, kinds).length,
  );
  for (const model of catalogue.models) t.is(lock.models[model]?.revision, revisionOf(model));
});

test("a digest of the wrong length is refused and nothing is written", async (t) => {
  const { folder, file, run } = await setUp(t, images(1), undefined);
  const crane = path.join(folder, "crane");
  await writeFile(crane, `#!/bin/sh\necho sha256:${"5".repeat(63)}\n`, { mode: 0o755 });
  const reader = readerOf({ ...noSources, crane });
  const result = await run("whole", { reader });
  t.deepEqual(
    result.failures.map(({ reason }) => reason),
    [
      `registry.example/i0:v1: answered "sha256:${"5".repeat(63)}", which is not sha256: and 64 hexadecimal digits`,
    ],
  );
  t.is(exitCodeOf(result), 2);
  await t.throwsAsync(readFile(file), { code: "ENOENT" });
});

test("a program that reads registries is not given the hub's token", async (t) => {
  const { folder, run } = await setUp(t, images(1), undefined);
  const crane = path.join(folder, "crane");
  await writeFile(crane, '#!/bin/sh\necho "Error: token is [$HF_TOKEN]" >&2; exit 1\n', {
    mode: 0o755,
  });
  const env = { ...process.env, HF_TOKEN: "hf_secret" };
  const result = await run("whole", { reader: readerOf({ ...noSources, crane, env }) });
  t.is(result.failures[0]?.reason, "registry.example/i0:v1: token is []");
});

test("a tool that cannot be had fails what needs it, with the reason", async (t) => {
  const { run } = await setUp(t, images(2), readerOf(noSources));
  const result = await run("whole");
  t.deepEqual(
    result.failures.map(({ reason }) => reason),
    ["crane cannot be had: no such tool", "crane cannot be had: no such tool"],
  );
});

test("no more than four names are read at a time, and every one is read", async (t) => {
  let [now, most] = [0, 0];
  const { run } = await setUp(t, images(13), async ({ key }) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return { kind: "images", key, digest };
  });
  const result = await run("whole");
  t.is(result.changes.length, 13);
  t.is(most, 4);
});

test("a name that never answers is given up and the others are still read", async (t) => {
  const { run } = await setUp(t, images(3), async ({ key }, signal) => {
    if (key === "registry.example/i1:v1") await never(signal);
    return { kind: "images", key, digest };
  });
  const result = await run("whole", { timeout: 50 });
  t.deepEqual(
    result.failures.map(({ subject, reason }) => [subject.key, reason]),
    [["registry.example/i1:v1", "no answer within 0.05 seconds"]],
  );
  t.is(result.changes.filter((change) => change.after === digest).length, 2);
});

test("an interruption ends the run without a trace", async (t) => {
  const interruption = new AbortController();
  const { folder, run } = await setUp(t, images(3), async (_, signal) => {
    interruption.abort(new Error("stop"));
    return never(signal);
  });
  await t.throwsAsync(run("partial", { signal: interruption.signal }), { message: "stop" });
  t.deepEqual(await readdir(folder), []);
});

test("where nothing at all could be read, --partial writes nothing", async (t) => {
  const { folder, run } = await setUp(t, images(2), readerOf(noSources));
  t.is((await run("partial")).file, "withheld");
  t.deepEqual(await readdir(folder), []);
});

test("a check that finds a difference exits 1 even where another name failed", async (t) => {
  const { run } = await setUp(t, images(2), async ({ key }) => {
    if (key === "registry.example/i1:v1") throw new Error("down");
    return { kind: "images", key, digest };
  });
  t.is(exitCodeOf(await run("check")), 1);
});

test("a check that could not read a name of a sound lock exits 2", async (t) => {
  const { file, run } = await setUp(t, images(1), () => Promise.reject(new Error("down")));
  await writeFile(
    file,
    JSON.stringify({ images: { "registry.example/i0:v1": { digest } }, charts: {}, models: {} }),
  );
  t.is(exitCodeOf(await run("check")), 2);
});

test("an image and a model of one name are kept apart", async (t) => {
  const from: Catalogue = { images: [{ repository: "a", tag: "b" }], charts: [], models: ["a:b"] };
  const { file, run } = await setUp(t, from, async ({ kind, key }) =>
    kind === "models" ? { kind, key, revision: commit } : { kind, key, digest },
  );
  await run("whole");
  t.deepEqual(JSON.parse(await readFile(file, "utf8")), {
    images: { "a:b": { digest } },
    charts: {},
    models: { "a:b": { revision: commit } },
  });
});

test("an image that is built here is looked up in no public registry", async (t) => {
  const built = { repository: "private-llm/own", tag: "v1", builtFrom: "tools/own" };
  const from = { ...images(0), images: [built] };
  const { folder, run } = await setUp(t, from, undefined);
  const crane = path.join(folder, "crane");
  await writeFile(crane, "#!/bin/sh\necho asked >&2; exit 1\n", { mode: 0o755 });
  const { failures } = await run("whole", { reader: readerOf({ ...noSources, crane }) });
  t.deepEqual(
    failures.map(({ reason, remedy }) => [reason, remedy]),
    [
      [
        "private-llm/own:v1 is built from tools/own and published nowhere",
        "build it (tools/own/Dockerfile), push it into your registry and run with --mirror",
      ],
    ],
  );
  const mirror = { host: "127.0.0.1:1" };
  const mirrored = await run("whole", { reader: readerOf({ ...noSources, crane, mirror }) });
  t.is(mirrored.failures[0]?.reason, "127.0.0.1:1/private-llm/own:v1: asked");
});

test("names that are left out keep what they have and are no difference", async (t) => {
  const own = { repository: "private-llm/own", tag: "v1", builtFrom: "tools/own" };
  const from = { ...images(1), images: [...images(1).images, own] };
  const without = builtKeys(from);
  const { file, run } = await setUp(t, from, async ({ key }) => ({ kind: "images", key, digest }), {
    without,
  });
  const held = { "private-llm/own:v1": { digest, example: true } };
  await writeFile(file, JSON.stringify({ images: held, charts: {}, models: {} }));
  t.is((await run("whole")).file, "written");
  const lock = parseLock(await readFile(file, "utf8"), file);
  t.deepEqual(lock.images, { ...held, "registry.example/i0:v1": { digest } });
  t.is(exitCodeOf(await run("check")), 0);
});

const noSources: Sources = {
  crane: new Error("no such tool"),
  helm: new Error("no such tool"),
  hub: { url: "http://127.0.0.1:1" },
  insecure: false,
  env: process.env,
};

function images(count: number): Catalogue {
  return {
    images: Array.from({ length: count }, (_, index) => ({
      repository: `registry.example/i${index}`,
      tag: "v1",
    })),
    charts: [],
    models: [],
  };
}

async function setUp(
  t: ExecutionContext,
  from: Catalogue,
  reader: Reader | undefined,
  more: Partial<LockRequest> = {},
) {
  const folder = await mkdtemp(path.join(tmpdir(), "lock-run-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "lock.json");
  const run = (mode: Mode, own: Partial<LockSurroundings> = {}) =>
    runLock(
      { mode, kinds, file, fallback: path.join(folder, "none.json"), ...more },
      {
        catalogue: from,
        reader: reader ?? (() => Promise.reject(new Error("no reader"))),
        signal: new AbortController().signal,
        progress: silentProgress,
        ...own,
      },
    );
  return { folder, file, run };
}

/** Waits until it is told to stop. */
function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Error("stopped"));
    // Held by a timer of its own: a signal alone does not keep the process alive.
    const timer = setTimeout(() => reject(new Error("nobody stopped it")), 60_000);
    if (signal.aborted) clearTimeout(timer);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("stopped"));
    });
  });
}
