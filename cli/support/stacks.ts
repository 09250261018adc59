import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { repositoryRoot } from "./repository.ts";
import { UsageError } from "./usage.ts";

/** Names of all stacks of this repository, sorted. */
export async function allStacks(): Promise<string[]> {
  const files = await readdir(path.join(repositoryRoot, "stacks"));
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).toSorted();
}

/** The stacks to work on: those named, or all. @throws UsageError naming the ones that exist */
export async function chosenStacks(named: readonly string[]): Promise<readonly string[]> {
  const existing = await allStacks();
  const missing = named.filter((name) => !existing.includes(name));
  if (missing.length > 0) {
    throw new UsageError(
      `no stack file for ${missing.join(", ")}; stacks of this repository: ${existing.join(", ")}`,
    );
  }
  return named.length > 0 ? named : existing;
}
