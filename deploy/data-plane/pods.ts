import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { exists, hasCode, privateFolder, writePrivate } from "../../tools/cluster/lib/files.ts";
import type { KubeClient } from "../api/client.ts";
import { failure } from "../api/failure.ts";
import { mountedFiles, type Pod, podSchema } from "./mounts.ts";
import { apiSources } from "./sources.ts";

const deploymentSchema = z.object({
  spec: z.object({ template: z.object({ spec: podSchema }) }),
});

/** The pod that a Deployment makes. @returns `undefined` where there is no such Deployment */
export async function readPod(
  client: KubeClient,
  namespace: string,
  deployment: string,
): Promise<Pod | undefined> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
  const { status, body } = await client.send("GET", path);
  if (status === 404) return undefined;
  if (status !== 200) throw failure(`Deployment ${namespace}/${deployment}`, status, body);
  return deploymentSchema.parse(body).spec.template.spec;
}

/** Keeps one folder as the volumes of one Deployment's pods say. */
export interface MountedPod {
  readonly deployment: string;
  /** Root of the container's files: `/etc/envoy/x` lies at `<folder>/etc/envoy/x`. */
  readonly folder: string;
  /** What the volumes hold now, by path as the container sees it. */
  files(): Promise<ReadonlyMap<string, Buffer>>;
  /** Brings the folder up to date. @returns the paths that changed */
  sync(): Promise<readonly string[]>;
}

/** @throws Error where the namespace holds no such Deployment, or an object that it mounts is missing */
export async function mountedPod(
  client: KubeClient,
  namespace: string,
  deployment: string,
  folder: string,
): Promise<MountedPod> {
  const pod = await readPod(client, namespace, deployment);
  if (pod === undefined) throw new Error(`there is no Deployment ${namespace}/${deployment}`);
  const sources = apiSources(client, namespace, pod.serviceAccountName ?? "default");
  const files = () => mountedFiles(pod, sources);
  return { deployment, folder, files, sync: async () => syncFolder(folder, await files()) };
}

/** Writes what differs and removes what is no longer there; readers see whole files only. */
export async function syncFolder(
  folder: string,
  files: ReadonlyMap<string, Buffer>,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [path, content] of files) {
    const file = join(folder, path);
    if ((await contentOf(file))?.equals(content) === true) continue;
    await privateFolder(dirname(file));
    await writePrivate(file, content);
    changed.push(path);
  }
  for (const path of await present(folder)) {
    if (files.has(path)) continue;
    await rm(join(folder, path), { force: true });
    changed.push(path);
  }
  return changed;
}

async function contentOf(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function present(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".tmp"))
    .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name))}`);
}
