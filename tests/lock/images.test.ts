import { type ChildProcess, execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import test from "ava";
import { imageKey, type Lock, parseLock } from "../../infra/lock.ts";
import { images } from "../../infra/versions.ts";
import { ensureTool } from "../../tools/cluster/binaries/ensure.ts";
import { consoleProgress } from "../../tools/cluster/progress.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";
import { startSite } from "./support/site.ts";

// A real registry with an image for every name of versions.ts, and the command as a process.
const command = path.resolve(import.meta.dirname, "../../cli/lock.ts");
const committed = path.resolve(import.meta.dirname, "../../stacks/digests.lock.json");
const keys = Object.values(images).map(imageKey);
const moving = imageKey(images.grafana);
const list = imageKey(images.vllm);
let registry: TestRegistry;

test.before("a registry with every image", async (t) => {
  t.timeout(600_000);
  registry = await startRegistry(await ensureTool("crane", { progress: consoleProgress() }));
  await registry.pushList(`mirror/${list}`);
  for (const key of keys) if (key !== list) await registry.push(`mirror/${key}`, key);
});

test.after.always("end it", async () => {
  await registry.close();
});

test("every image is locked to the digest that its tag has in the mirror", async (t) => {
  const { file, lock } = await setUp(t.teardown);
  const { code, stdout, stderr } = await lock();
  t.is(code, 0, stderr);
  const written = await read(file);
  const digests: [string, { digest: string }][] = [];
  for (const key of keys) digests.push([key, { digest: await registry.digest(`mirror/${key}`) }]);
  t.deepEqual<unknown, unknown>(written.images, Object.fromEntries(digests));
  // What was not asked for is as it was committed.
  const before = await read(committed);
  t.deepEqual([written.charts, written.models], [before.charts, before.models]);
  const examples = [before.charts, before.models]
    .flatMap((entries) => Object.values(entries))
    .filter((entry) => entry.example === true).length;
  t.true(stdout.endsWith(`${file}: written; examples that remain: ${examples}\n`), stdout);
});

test("a second run writes the same bytes and says that nothing changed", async (t) => {
  const { file, lock } = await setUp(t.teardown);
  await lock();
  const first = await readFile(file, "utf8");
  const { code, stdout } = await lock();
  t.is(code, 0);
  t.regex(stdout, /^\S+: nothing changed; examples that remain: \d+\n$/);
  t.is(await readFile(file, "utf8"), first);
});

test("a check of an up-to-date lock finds no difference", async (t) => {
  const { lock } = await setUp(t.teardown);
  await lock();
  const { code, stdout } = await lock("--check");
  t.is(code, 0);
  t.regex(stdout, /^\S+: no difference; examples that remain: \d+\n$/);
});

test("a check names a tag that points elsewhere now, and changes nothing", async (t) => {
  const { file, lock } = await setUp(t.teardown);
  await lock();
  const held = await readFile(file, "utf8");
  await registry.push(`mirror/${moving}`, "replaced");
  t.teardown(() => registry.push(`mirror/${moving}`, moving));
  const { code, stdout } = await lock("--check");
  t.is(code, 1);
  const before = parseLock(held, file).images[moving]?.digest.slice(7, 19);
  const after = (await registry.digest(`mirror/${moving}`)).slice(7, 19);
  t.is(stdout.split("\n")[0], `  ${moving}  ${before} → ${after}  points elsewhere now`);
  t.regex(stdout, /: 1 differences; nothing was written; /);
  t.is(await readFile(file, "utf8"), held);
});

test("a check names examples and names that the lock lacks", async (t) => {
  const { file, lock } = await setUp(t.teardown);
  await lock();
  const { [list]: _, ...others } = (await read(file)).images;
  const digest = `sha256:${"0".repeat(64)}` as const;
  const changed = {
    ...(await read(file)),
    images: { ...others, [moving]: { digest, example: true } },
  };
  await writeFile(file, JSON.stringify(changed));
  const { code, stdout } = await lock("--check");
  t.is(code, 1);
  t.regex(stdout, new RegExp(`^  ${list} +- → [0-9a-f]{12}  not in the lock$`, "m"));
  t.regex(stdout, new RegExp(`^  ${moving} +0{12} → [0-9a-f]{12}  example in the lock$`, "m"));
});

test("one image that the mirror lacks keeps the whole lock from being written", async (t) => {
  const { file, lock } = await setUp(t.teardown);
  const { code, stdout, stderr } = await lock("--mirror", `${registry.host}/empty`);
  t.is(code, 2);
  t.is(stderr.match(/^ {2}\S+:\S+$/gm)?.length, keys.length);
  t.regex(stderr, new RegExp(`^${keys.length} could not be read:$`, "m"));
  t.regex(stderr, /correct infra\/versions\.ts, or put \S+ into the mirror first/);
  t.regex(stdout, /not written, because names could not be read/);
  await t.throwsAsync(readFile(file), { code: "ENOENT" });
});

test("with --partial what could be read is written and the rest stays an example", async (t) => {
  const { file, lock } = await setUp(t.teardown);
  for (const key of keys) if (key !== moving) await registry.push(`half/${key}`, key);
  const { code, stdout, stderr } = await lock("--partial", "--mirror", `${registry.host}/half`);
  t.is(code, 2);
  t.regex(stderr, /^1 could not be read:$/m);
  t.regex(stdout, /: written without 1 names; /);
  const [written, before] = [await read(file), await read(committed)];
  t.deepEqual(written.images[moving], before.images[moving]);
  t.deepEqual<unknown, unknown>(written.images[list], {
    digest: await registry.digest(`half/${list}`),
  });
});

test("a registry that does not answer fails every image by name and writes nothing", async (t) => {
  const { folder, lock } = await setUp(t.teardown);
  const { code, stderr } = await lock("--mirror", "127.0.0.1:1");
  t.is(code, 2);
  for (const key of keys) t.true(stderr.includes(`  ${key}\n    127.0.0.1:1/${key}: `), key);
  t.regex(stderr, /check that 127\.0\.0\.1:1 can be reached from here/);
  t.deepEqual(await readdir(folder), []);
});

test("Ctrl-C ends the run at once and writes nothing", async (t) => {
  const { folder, lock } = await setUp(t.teardown);
  const { promise: reached, resolve: asked } = Promise.withResolvers<void>();
  const silent = await startSite(() => asked());
  t.teardown(silent.close);
  const running = lock("--mirror", silent.url.replace("http://", ""));
  await reached;
  running.child.kill("SIGINT");
  const { code, stdout, stderr } = await running;
  t.is(code, 130);
  t.is(stdout, "");
  t.true(stderr.endsWith("interrupted; nothing was written\n"), stderr);
  t.deepEqual(await readdir(folder), []);
});

test("a lock file that is broken is refused before anything is read", async (t) => {
  const { file, lock } = await setUp(t.teardown);
  await writeFile(file, "{}");
  const { code, stderr } = await lock();
  t.is(code, 2);
  t.regex(stderr, /is not a digest lock/);
  t.notRegex(stderr, /reading/);
  t.is(await readFile(file, "utf8"), "{}");
});

for (const [title, args, message] of [
  [
    "unencrypted reading of another machine",
    ["--mirror", "registry.example", "--plain-http"],
    "--plain-http is for a --mirror on this machine alone, such as 127.0.0.1:5000; registry.example needs a certificate",
  ],
  ["an unknown kind", ["--only", "pods"], "--only pods is unknown; choose images, charts, models"],
  [
    "a mirror for anything but images",
    ["--only", "charts", "--mirror", "registry.example"],
    "--mirror is for images, and --only leaves them out",
  ],
  [
    "--check with --partial",
    ["--check", "--partial"],
    "--check writes nothing, so --partial says nothing",
  ],
] as const) {
  test(`${title} is a usage error`, async (t) => {
    const { code, stderr } = await run(args);
    t.is(code, 2);
    t.is(stderr.split("\n")[0], message);
  });
}

async function setUp(teardown: (remove: () => Promise<void>) => void) {
  const folder = await mkdtemp(path.join(tmpdir(), "lock-images-"));
  teardown(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "lock.json");
  const common = ["--only", "images", "--out", file, "--mirror", `${registry.host}/mirror`];
  return { folder, file, lock: (...args: readonly string[]) => run([...common, ...args]) };
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[]): Promise<Ended> & { readonly child: ChildProcess } {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(process.execPath, [command, ...args], (error, stdout, stderr) => {
    resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
  });
  return Object.assign(promise, { child });
}

async function read(file: string): Promise<Lock> {
  return parseLock(await readFile(file, "utf8"), file);
}
