import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { rename } from "node:fs/promises";
import { hasCode, readIfPresent } from "./files.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { identify } from "./process-identity.ts";

export interface LoggedProcess {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets both streams. Its folder exists; the log of the run before is kept beside it. */
  readonly log: string;
  /** Whether it gets a session of its own, so that no Ctrl-C of the terminal reaches it. */
  readonly detached: boolean;
}

/**
 * Starts a program that writes into a log file and keeps nobody waiting.
 * @param onSpawned told in the same turn of the event loop in which it was spawned
 * @throws where the program cannot be started
 */
export async function spawnLogged(
  { program, args, cwd, env, log, detached }: LoggedProcess,
  onSpawned: (identity: ProcessIdentity) => void,
): Promise<ChildProcess> {
  await keepPrevious(log);
  const output = openSync(log, "w", 0o600);
  try {
    const stdio = ["ignore", output, output] as const;
    const child = spawn(program, args, { cwd, env, detached, stdio: [...stdio] });
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity !== undefined) onSpawned(identity);
    await spawned(child);
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/** The end of a log, indented, for an error message. */
export async function tailOf(log: string): Promise<string> {
  const text = (await readIfPresent(log)) ?? "";
  const lines = text.trimEnd().split("\n").slice(-8);
  return lines.map((line) => `  ${line.slice(0, 300)}`).join("\n");
}

function spawned(child: ChildProcess): Promise<void> {
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
