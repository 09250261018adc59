import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { ExecutionContext } from "ava";
import { temporaryFolder } from "./temporary.ts";

export const repository = path.resolve(import.meta.dirname, "../..");

const parts = [
  "cli",
  "components",
  "deploy",
  "infra",
  "lock",
  "offline",
  "policies",
  "preflight",
  "stacks",
  "tools",
  "package.json",
  "Pulumi.yaml",
];

/** The program in a folder of its own, to be broken; packages are shared with the original. */
export async function repositoryCopy(t: ExecutionContext): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const part of parts) {
    await cp(path.join(repository, part), path.join(folder, part), { recursive: true });
  }
  await symlink(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/** Replaces the one place where `before` stands; a place that moved fails the test instead of changing nothing. */
export async function replaceOnce(
  folder: string,
  file: string,
  before: string,
  after: string,
): Promise<void> {
  const at = path.join(folder, file);
  const text = await readFile(at, "utf8");
  const places = text.split(before).length - 1;
  if (places !== 1) throw new Error(`${file} holds ${places} times: ${before}`);
  await writeFile(
    at,
    text.replace(before, () => after),
  );
}
