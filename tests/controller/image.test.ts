import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import test from "ava";
import { z } from "zod";
import { repositoryRoot } from "../../cli/support/repository.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** What the image holds, without building one. */

const at = (...place: readonly string[]) => path.join(repositoryRoot, ...place);
const json = (file: string): unknown => JSON.parse(readFileSync(at(file), "utf8"));
const locked = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});
const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

/** Folders and files that the image takes from the repository. */
const copied = readFileSync(at("controller/Dockerfile"), "utf8")
  .split("\n")
  .flatMap((line) => /^COPY (?!--from)(\S+) \1$/.exec(line)?.[1] ?? []);

test("the packages of the image are those of this repository, to the hash", (t) => {
  const own = locked.parse(json("controller/package-lock.json")).packages;
  const all = locked.parse(json("package-lock.json")).packages;
  const names = Object.keys(own).filter((name) => name !== "");
  t.true(names.length > 2);
  for (const name of names) t.deepEqual(own[name], all[name], name);
  const { dependencies } = manifest.parse(json("package.json"));
  for (const [name, version] of Object.entries(
    manifest.parse(json("controller/package.json")).dependencies,
  )) {
    t.is(version, dependencies[name] ?? "", name);
  }
});

test("the controller runs with what the image holds, and nothing else of the repository", async (t) => {
  const folder = await temporaryFolder(t, { "package.json": '{"type":"module"}' });
  t.deepEqual(copied.length, 6);
  for (const place of copied) cpSync(at(place), path.join(folder, place), { recursive: true });
  const own = manifest.parse(json("controller/package.json")).dependencies;
  t.deepEqual(Object.keys(own), ["@kubernetes/client-node", "zod"]);
  symlinkSync(at("node_modules"), path.join(folder, "node_modules"));
  const { status, stderr } = spawnSync(process.execPath, ["controller/main.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  t.is(status, 2, stderr);
  t.regex(stderr, /^--namespace is missing; name the namespace\nusage: /);
});

test("the build sees exactly what it copies", (t) => {
  const ignored = readFileSync(at("controller/Dockerfile.dockerignore"), "utf8").trim().split("\n");
  t.deepEqual(ignored, ["*", ...copied.map((place) => `!${place}`)]);
});
