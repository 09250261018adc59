import { existsSync } from "node:fs";
import * as path from "node:path";
import test from "ava";
import { parse } from "yaml";
import { z } from "zod";
import { repository } from "../support/repository-copy.ts";
import { anchors, code, pages, read, relativeLinks } from "./support/documents.ts";

const manifest = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));
const targets = new Set(
  [...read("Makefile").matchAll(/^([a-z-]+):/gm)].map(([, target = ""]) => target),
);
const folders =
  "bench|cli|components|deploy|docs|infra|lock|examples|offline|policies|preflight|prompts|stacks|tests|tools|\\.ci";

for (const { file, text } of pages()) {
  test(`${file}: every relative link leads to a file, and to a heading in it`, (t) => {
    const broken = relativeLinks(text).filter((link) => {
      const target = link.file === "" ? file : path.posix.join(path.posix.dirname(file), link.file);
      if (!existsSync(path.join(repository, target))) return true;
      return link.anchor !== "" && !anchors(read(target)).includes(link.anchor);
    });
    t.deepEqual(broken, []);
  });

  test(`${file}: every command that it names exists`, (t) => {
    const all = code(text).join("\n");
    const scripts = [...all.matchAll(/\bnpm run (?:--silent )?([a-z][\w-]*)/g)];
    const made = [...all.matchAll(/(?:^|[;&|]|run:|^\s*-)\s*make ([a-z][a-z-]*)/gm)];
    const programs = [...all.matchAll(/\bnode ((?:cli|bench|tests)\/[\w/.-]+)/g)];
    t.deepEqual(
      [
        ...scripts.filter(([, name = ""]) => manifest.scripts[name] === undefined),
        ...made.filter(([, name = ""]) => !targets.has(name)),
        ...programs.filter(([, name = ""]) => !existsSync(path.join(repository, name))),
      ].map(([whole]) => whole),
      [],
    );
  });

  test(`${file}: every path of this repository that it names exists`, (t) => {
    const named = code(text).flatMap(
      (span) => new RegExp(`^(?:${folders})/[\\w./-]*$`).exec(span)?.[0] ?? [],
    );
    t.deepEqual(
      named.filter((name) => !existsSync(path.join(repository, name))),
      [],
    );
  });

  test(`${file}: every YAML block is YAML`, (t) => {
    const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
    t.notThrows(() => blocks.map((block): unknown => parse(block)));
  });
}
