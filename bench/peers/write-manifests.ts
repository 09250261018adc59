import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { conftestRule } from "./peers.ts";

/** A folder with one file of manifests, and what conftest needs beside it. */
export async function writeManifests(folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "all.yaml"), text);
  await mkdir(`${folder}.rego`, { recursive: true });
  await writeFile(path.join(`${folder}.rego`, "rule.rego"), conftestRule);
}
