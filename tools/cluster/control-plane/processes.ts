import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../lib/files.ts";
import { spawnLogged, tailOf } from "../lib/logged-process.ts";
import { identify } from "../lib/process-identity.ts";
import type { ProcessState } from "../lib/process-record.ts";
import { endProcess, observeProcess, recordProcess } from "../lib/process-record.ts";
import type { ComponentName } from "./components.ts";
import { componentNames } from "./components.ts";
import type { Layout } from "./layout.ts";
import { logFile } from "./layout.ts";

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
  // Proxy and credential settings of the caller's shell are none of the cluster's business.
  const env = { PATH: process.env["PATH"], HOME: layout.root };
  const log = logFile(layout, component);
  await spawnLogged({ program, args, cwd: layout.root, env, log, detached: true }, (identity) =>
    recordProcess(processFile(layout, component), identity),
  );
}

export function observe(layout: Layout, component: ComponentName): Promise<ProcessState> {
  return observeProcess(processFile(layout, component));
}

/** Ends the component if it runs, first politely, and forgets it. */
export function end(layout: Layout, component: ComponentName): Promise<void> {
  return endProcess(processFile(layout, component));
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
    if (identity !== undefined) recordProcess(processFile(layout, component), identity);
  }
}

/** The end of a component's log, indented, for an error message. */
export function logTail(layout: Layout, component: ComponentName): Promise<string> {
  return tailOf(logFile(layout, component));
}

export async function logSays(
  layout: Layout,
  component: ComponentName,
  pattern: RegExp,
): Promise<boolean> {
  return pattern.test(await readFile(logFile(layout, component), "utf8"));
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
