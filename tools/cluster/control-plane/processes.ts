import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { hasCode, readIfPresent } from "../lib/files.ts";
import type { ProcessIdentity } from "../lib/process-identity.ts";
import { identify, isAlive, signal } from "../lib/process-identity.ts";
import type { ComponentName } from "./components.ts";
import { componentNames } from "./components.ts";
import type { Layout } from "./layout.ts";
import { logFile } from "./layout.ts";

const terminationGrace = 15_000;
const pollInterval = 50;

const identitySchema = z.object({ pid: z.int().positive(), started: z.string() });

export type ComponentState =
  | { readonly state: "running"; readonly identity: ProcessIdentity }
  /** It was started and not stopped, yet it is gone. */
  | { readonly state: "dead"; readonly identity: ProcessIdentity }
  | { readonly state: "stopped" };

/**
 * Starts a component in a session of its own, so that it outlives this process and no Ctrl-C of the
 * terminal reaches it. Recorded in the same turn of the event loop in which it was spawned.
 * @throws where the program cannot be started
 */
export async function launch(
  layout: Layout,
  component: ComponentName,
  program: string,
  args: readonly string[],
): Promise<void> {
  const log = logFile(layout, component);
  await keepPrevious(log);
  const output = openSync(log, "w", 0o600);
  try {
    const child = spawn(program, args, {
      cwd: layout.root,
      detached: true,
      stdio: ["ignore", output, output],
      // Proxy and credential settings of the caller's shell are none of the cluster's business.
      env: { PATH: process.env["PATH"], HOME: layout.root },
    });
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity !== undefined) record(layout, component, identity);
    await spawned(child);
    child.unref();
  } finally {
    closeSync(output);
  }
}

export async function observe(layout: Layout, component: ComponentName): Promise<ComponentState> {
  const text = await readIfPresent(processFile(layout, component));
  if (text === undefined) return { state: "stopped" };
  const identity = identitySchema.parse(JSON.parse(text));
  return { state: isAlive(identity) ? "running" : "dead", identity };
}

/** Ends the component if it runs, first politely, and forgets it. */
export async function end(layout: Layout, component: ComponentName): Promise<void> {
  const seen = await observe(layout, component);
  if (seen.state === "running") await terminate(seen.identity);
  await rm(processFile(layout, component), { force: true });
}

/**
 * Records processes of this cluster that nobody recorded: what is left when a start is killed
 * between spawning and recording. Recognised by their program and by arguments below the cluster's
 * own folder. Linux only; elsewhere such a process has to be ended by hand.
 */
export function adoptUnrecorded(
  layout: Layout,
  program: (component: ComponentName) => string,
): void {
  if (process.platform !== "linux") return;
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const [executable, ...args] = processArguments(entry);
    const component = componentNames.find((name) => program(name) === executable);
    if (component === undefined || !args.some((arg) => arg.includes(`=${layout.root}/`))) continue;
    const identity = identify(Number(entry));
    if (identity !== undefined) record(layout, component, identity);
  }
}

/** The end of a component's log, indented, for an error message. */
export async function logTail(layout: Layout, component: ComponentName): Promise<string> {
  const text = (await readIfPresent(logFile(layout, component))) ?? "";
  const lines = text.trimEnd().split("\n").slice(-8);
  return lines.map((line) => `  ${line.slice(0, 300)}`).join("\n");
}

export async function logSays(
  layout: Layout,
  component: ComponentName,
  pattern: RegExp,
): Promise<boolean> {
  return pattern.test(await readFile(logFile(layout, component), "utf8"));
}

function record(layout: Layout, component: ComponentName, identity: ProcessIdentity): void {
  const file = processFile(layout, component);
  const draft = `${file}.${identity.pid}.tmp`;
  writeFileSync(draft, JSON.stringify(identity), { mode: 0o600 });
  renameSync(draft, file);
}

function processFile(layout: Layout, component: ComponentName): string {
  return join(layout.processes, `${component}.json`);
}

function processArguments(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch (error) {
    // Gone meanwhile, or somebody else's: neither is ours.
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].some((code) => hasCode(error, code))) return [];
    throw error;
  }
}

function spawned(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
}

/** The log of the run before this one says why it died. */
async function keepPrevious(log: string): Promise<void> {
  try {
    await rename(log, log.replace(/\.log$/, ".previous.log"));
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

async function terminate(identity: ProcessIdentity): Promise<void> {
  signal(identity, "SIGTERM");
  if (await isGoneWithin(identity, terminationGrace)) return;
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
