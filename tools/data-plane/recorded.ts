import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, privateFolder, readIfPresent, writePrivate } from "../cluster/lib/files.ts";
import type { Progress } from "../cluster/progress.ts";
import { observeDetached, type Service, startDetached, stopDetached } from "./process.ts";

/** Services that outlive the command that started them, each recorded in a folder by name. */

export interface RecordedService extends Service {
  /** Everything that decides what it does, beside its arguments: another value means a restart. */
  readonly state: string;
}

export interface RunningService {
  readonly name: string;
  readonly pid: number;
}

/**
 * Starts what does not run as it is wanted, in the given order, and ends recorded services that are wanted no
 * more. @returns names of those that were started
 */
export async function ensureServices(
  folder: string,
  services: readonly RecordedService[],
  progress: Progress,
): Promise<readonly string[]> {
  await privateFolder(folder);
  const wanted = new Set(services.map(({ name }) => name));
  for (const name of await recordedNames(folder)) {
    if (!wanted.has(name)) await endService(folder, name);
  }
  const started: string[] = [];
  for (const service of services) {
    if (await runsAsWanted(folder, service)) continue;
    progress.tick(`data plane: starting ${service.name}`);
    await stopDetached(recordFile(folder, service.name));
    await startDetached(service, recordFile(folder, service.name));
    await writePrivate(stateFile(folder, service.name), fingerprint(service));
    started.push(service.name);
  }
  return started;
}

/** Recorded services that run. */
export async function runningServices(folder: string): Promise<readonly RunningService[]> {
  const running: RunningService[] = [];
  for (const name of await recordedNames(folder)) {
    const seen = await observeDetached(recordFile(folder, name));
    if (seen.state === "running") running.push({ name, pid: seen.identity.pid });
  }
  return running;
}

/** Ends every recorded service, each by its own id. @returns names of those that ran */
export async function endServices(folder: string): Promise<readonly string[]> {
  const running = await runningServices(folder);
  const names = await recordedNames(folder);
  await Promise.all(names.map((name) => endService(folder, name)));
  return running.map(({ name }) => name);
}

async function endService(folder: string, name: string): Promise<void> {
  await stopDetached(recordFile(folder, name));
  await rm(stateFile(folder, name), { force: true });
}

async function runsAsWanted(folder: string, service: RecordedService): Promise<boolean> {
  const { state } = await observeDetached(recordFile(folder, service.name));
  if (state !== "running") return false;
  return (await readIfPresent(stateFile(folder, service.name))) === fingerprint(service);
}

function fingerprint({ program, args, env = {}, state }: RecordedService): string {
  return JSON.stringify({ program, args, env, state });
}

async function recordedNames(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
}

const suffix = ".process.json";

function recordFile(folder: string, name: string): string {
  return join(folder, `${name}${suffix}`);
}

function stateFile(folder: string, name: string): string {
  return join(folder, `${name}.state`);
}
