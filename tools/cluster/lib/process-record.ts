import { renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { readIfPresent } from "./files.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { isAlive, signal } from "./process-identity.ts";

const terminationGrace = 15_000;
const pollInterval = 50;

const identitySchema = z.object({ pid: z.int().positive(), started: z.string() });

export type ProcessState =
  | { readonly state: "running"; readonly identity: ProcessIdentity }
  /** It was started and not stopped, yet it is gone. */
  | { readonly state: "dead"; readonly identity: ProcessIdentity }
  | { readonly state: "stopped" };

/** Writes down which process this is, in one turn of the event loop. */
export function recordProcess(file: string, identity: ProcessIdentity): void {
  const draft = `${file}.${identity.pid}.tmp`;
  writeFileSync(draft, JSON.stringify(identity), { mode: 0o600 });
  renameSync(draft, file);
}

export async function observeProcess(file: string): Promise<ProcessState> {
  const text = await readIfPresent(file);
  if (text === undefined) return { state: "stopped" };
  const identity = identitySchema.parse(JSON.parse(text));
  return { state: isAlive(identity) ? "running" : "dead", identity };
}

/** Ends the recorded process if it runs, first politely, and forgets it. */
export async function endProcess(file: string): Promise<void> {
  const seen = await observeProcess(file);
  if (seen.state === "running") await terminate(seen.identity);
  await rm(file, { force: true });
}

/** @param grace ms that the process has to end by itself */
export async function terminate(
  identity: ProcessIdentity,
  grace: number = terminationGrace,
): Promise<void> {
  signal(identity, "SIGTERM");
  if (await isGoneWithin(identity, grace)) return;
  signal(identity, "SIGKILL");
  if (await isGoneWithin(identity, terminationGrace)) return;
  throw new Error(`process ${identity.pid} does not end, not even by SIGKILL; look at it with ps`);
}

async function isGoneWithin(identity: ProcessIdentity, ms: number): Promise<boolean> {
  for (const limit = Date.now() + ms; Date.now() < limit; await sleep(pollInterval)) {
    if (!isAlive(identity)) return true;
  }
  return !isAlive(identity);
}
