import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Progress } from "../progress.ts";
import { hasCode } from "./files.ts";
import { identify, isAlive } from "./process-identity.ts";

const pollInterval = 200;

/**
 * Runs `work` while no other process runs under the same lock file. A lock whose holder has died is
 * taken over, so an interrupted run never blocks the next one.
 */
export async function withLock<T>(
  path: string,
  purpose: string,
  progress: Progress,
  work: () => Promise<T>,
): Promise<T> {
  const token = await acquire(path, purpose, progress);
  try {
    return await work();
  } finally {
    if ((await read(path))?.token === token) await rm(path, { force: true });
  }
}

const holderSchema = z.object({ pid: z.int(), started: z.string(), token: z.string() });
type Holder = z.infer<typeof holderSchema>;

async function acquire(path: string, purpose: string, progress: Progress): Promise<string> {
  const token = randomUUID();
  const draft = `${path}.${token}`;
  await writeFile(draft, JSON.stringify({ ...identify(process.pid), token }), { mode: 0o600 });
  try {
    let announced = false;
    while (!(await tryLink(draft, path))) {
      const holder = await read(path);
      if (holder === undefined) continue;
      if (!isAlive(holder)) {
        await takeAway(path, holder.token);
        continue;
      }
      const text = `waiting for process ${holder.pid}, which is ${purpose}`;
      if (announced) progress.tick(text);
      else progress.step(text);
      announced = true;
      await sleep(pollInterval);
    }
    return token;
  } finally {
    await rm(draft, { force: true });
  }
}

/** A hard link appears with its whole content, so no reader sees a lock without its holder. */
async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Removes a dead holder's lock; puts back what turns out to be another, live holder's. */
async function takeAway(path: string, deadToken: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if ((await read(aside))?.token !== deadToken) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
