import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { command } from "../support/command.ts";
import { locksRead } from "../support/locks-read.ts";
import { repository, repositoryCopy } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const charts = path.join(repository, "tests/fixtures/charts");

/** Every file below a folder, with its content. */
async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted((a, b) => (a < b ? -1 : 1));
  const files = await Promise.all(
    names.map(async (name) => [path.relative(folder, name), await readFile(name, "utf8")] as const),
  );
  return Object.fromEntries(files);
}

/** A copy whose digests count as read, so that a stack outside dev may be rendered. */
async function lockedCopy(t: ExecutionContext): Promise<string> {
  const folder = await repositoryCopy(t);
  await locksRead(folder);
  return folder;
}

test("dev renders byte for byte the same, wherever and whenever", async (t) => {
  const out = await temporaryFolder(t);
  const [first, second] = [path.join(out, "first"), path.join(out, "second")];
  t.is((await command(repository, ["render", "dev", "--out", first])).code, 0);
  const env = { TZ: "Asia/Tokyo", LC_ALL: "C" };
  t.is((await command(repository, ["render", "dev", "--out", second], env)).code, 0);
  const files = await contents(first);
  t.deepEqual(await contents(second), files);
  t.true("bill-of-materials.json" in files);
  t.false(Object.keys(files).some((name) => /manifests\/\d\d-secret-/.test(name)));
});

test("a second rendering takes away files of objects that are gone", async (t) => {
  const out = await temporaryFolder(t, {
    "bill-of-materials.json": "{}",
    "manifests/01-namespace-core-gone.yaml": "kind: Namespace\n",
  });
  t.is((await command(repository, ["render", "dev", "--out", out])).code, 0);
  t.false("manifests/01-namespace-core-gone.yaml" in (await contents(out)));
});

test("staging and prod render with their charts, images and models in the bill of materials", async (t) => {
  const folder = await lockedCopy(t);
  for (const stack of ["staging", "prod"]) {
    const out = path.join(folder, `out-${stack}`);
    const { code, stderr } = await command(folder, [
      "render",
      stack,
      "--out",
      out,
      "--charts",
      charts,
    ]);
    t.is(code, 0, stderr);
    const files = await contents(out);
    const bill = JSON.parse(files["bill-of-materials.json"] ?? "{}");
    t.deepEqual(
      bill.charts.map((chart: { chart: string }) => chart.chart),
      ["gpu-operator", "kube-prometheus-stack"],
    );
    t.true(
      bill.images.every((image: { image: string }) => /@sha256:[0-9a-f]{64}$/.test(image.image)),
    );
    t.true(
      bill.images.some((image: { upstream?: string }) => image.upstream?.includes("dcgm-exporter")),
    );
    t.is(bill.models.length, 1);
    t.false(JSON.stringify(files).includes("{{random:"));
  }
});

const refused: readonly { title: string; args: string[]; code: number; message: RegExp }[] = [
  {
    title: "example digests outside dev",
    args: ["staging", "--charts", charts],
    code: 2,
    message:
      /^stacks\/digests\.lock\.json, stacks\/weights\.lock\.json: \d+ entries are examples that no registry was asked for/,
  },
  {
    title: "a stack whose charts cannot be had",
    args: ["staging"],
    code: 3,
    message: /staging: undecided/,
  },
  {
    title: "a stack of layer cluster",
    args: ["staging-cluster"],
    code: 2,
    message: /layer cluster makes cloud resources and no Kubernetes objects/,
  },
  {
    title: "two stacks at once",
    args: ["dev", "prod"],
    code: 2,
    message: /^usage: npm run render/,
  },
];

for (const { title, args, code, message } of refused) {
  test(`refused, and nothing is written: ${title}`, async (t) => {
    const out = await temporaryFolder(t);
    const ended = await command(repository, ["render", ...args, "--out", out]);
    t.is(ended.code, code);
    t.regex(ended.stderr, message);
    t.deepEqual(await contents(out), {});
  });
}

test("a folder with other files is left alone", async (t) => {
  const out = await temporaryFolder(t, { "notes.txt": "mine" });
  const { code, stderr } = await command(repository, ["render", "dev", "--out", out]);
  t.is(code, 2);
  t.regex(stderr, /holds files that are not a rendering; give an empty or new folder/);
  t.deepEqual(await contents(out), { "notes.txt": "mine" });
});
