import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hasCode } from "./files.ts";

/**
 * One run of one program. A pid alone is reused by the system; together with the moment the process
 * started (and the boot, on Linux) it names exactly one process.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process. */
  readonly started: string;
}

/**
 * The process that has this pid now; undefined where there is none or it is a zombie. Synchronous,
 * so that a freshly spawned process can be recorded before anything else happens.
 */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === "linux" ? linuxStart(pid) : portableStart(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** Signals exactly this process; false where it is already gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, name);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    throw error;
  }
}

function linuxStart(pid: number): string | undefined {
  const stat = readGone(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the command in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const startTicks = fields[19];
  if (state === "Z" || state === "X" || startTicks === undefined) return undefined;
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${startTicks}`;
}

function readGone(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // ESRCH: the process went away between open and read.
    if (hasCode(error, "ENOENT") || hasCode(error, "ESRCH")) return undefined;
    throw error;
  }
}

function portableStart(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    }).trim();
    const space = line.indexOf(" ");
    return line.startsWith("Z") || space < 0 ? undefined : line.slice(space).trim();
  } catch {
    // ps ends with 1 where the pid is unknown.
    return undefined;
  }
}
