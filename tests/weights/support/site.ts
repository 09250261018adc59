import { chmod, lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { ExecutionContext } from "ava";
import type { Manifest } from "../../../components/lib/weights/manifest.ts";
import { clientFor } from "../../../weights/stage/request.ts";
import { sourceOf } from "../../../weights/stage/source.ts";
import { stage } from "../../../weights/stage/stage.ts";
import { type Hub, startHub, type Trick } from "./hub.ts";
import { manifestOf, revision, smallTree, temporaryFolder } from "./tree.ts";

export const first = "model-00001-of-00002.safetensors";
export const bytes = smallTree[first] ?? Buffer.alloc(0);
export const manifest = manifestOf(smallTree);
export const token = "hf_secret";

export interface Site {
  readonly hub: Hub;
  readonly root: string;
  readonly target: string;
  readonly staging: string;
}

export async function siteOf(t: ExecutionContext, trick?: Trick): Promise<Site> {
  const hub = await startHub(smallTree, trick);
  t.teardown(hub.close);
  const root = await temporaryFolder(t.teardown);
  t.teardown(() => openUp(root));
  const own = path.join(root, "model");
  return {
    hub,
    root,
    target: path.join(own, revision),
    staging: path.join(own, `.staging-${revision}`),
  };
}

/** Read-only folders cannot be emptied by their owner. */
async function openUp(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(path.join(entry.parentPath, entry.name), 0o755);
  }
}

/** Runs it; the lines that were said, and the message of what was thrown. */
export async function run(site: Site, hosts: readonly string[] = [], own: Manifest = manifest) {
  const source = sourceOf(site.hub.source, hosts, own);
  if ("faults" in source) throw new Error(source.faults.join("\n"));
  const client = clientFor({ source, token, proxy: undefined, authorities: undefined });
  const lines: string[] = [];
  const signal = new AbortController().signal;
  const say = (line: string) => lines.push(line);
  let fault = "";
  try {
    await stage({ manifest: own, root: site.root, folder: "model", client, signal, say, pause: 1 });
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  } finally {
    client.close();
  }
  return { fault, text: `${lines.join("\n")}\n${fault}` };
}

export async function isAbsent(name: string): Promise<boolean> {
  return lstat(name).then(
    () => false,
    () => true,
  );
}

export async function plant(site: Site, name: string, contents: Buffer): Promise<void> {
  await mkdir(site.staging, { recursive: true });
  await writeFile(path.join(site.staging, name), contents);
}
