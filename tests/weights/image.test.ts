import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import test from "ava";
import { z } from "zod";
import { repositoryRoot } from "../../cli/support/repository.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** What the image holds, without building one. */

const at = (...place: readonly string[]) => path.join(repositoryRoot, ...place);
const read = (file: string) => readFileSync(at(file), "utf8");
const locked = z.object({ packages: z.record(z.string(), z.looseObject({})) });
const copied = [...read("weights/Dockerfile").matchAll(/^COPY (?!--from)(\S+) \1$/gm)].map(
  ([, place]) => place ?? "",
);

test("the package of the image is that of this repository, to the hash", (t) => {
  const own = locked.parse(JSON.parse(read("weights/package-lock.json"))).packages;
  const all = locked.parse(JSON.parse(read("package-lock.json"))).packages;
  t.deepEqual(Object.keys(own), ["", "node_modules/zod"]);
  t.deepEqual(own["node_modules/zod"], all["node_modules/zod"]);
});

test("the program runs with what the image holds, and nothing else of the repository", async (t) => {
  const folder = await temporaryFolder(t, { "package.json": '{"type":"module"}' });
  for (const place of copied) cpSync(at(place), path.join(folder, place), { recursive: true });
  mkdirSync(path.join(folder, "node_modules"));
  symlinkSync(at("node_modules/zod"), path.join(folder, "node_modules/zod"));
  for (const args of [["verify"], ["stage"]]) {
    const { status, stderr } = spawnSync(process.execPath, ["weights/main.ts", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    t.is(status, 2, stderr);
    t.regex(stderr, /^--manifest is missing\nusage: /);
  }
});

test("the build sees exactly what it copies", (t) => {
  const ignored = read("weights/Dockerfile.dockerignore").trim().split("\n");
  t.deepEqual(ignored, ["*", ...copied.map((place) => `!${place}`)]);
});
