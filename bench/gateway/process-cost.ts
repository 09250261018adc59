import { readdir, readFile } from "node:fs/promises";
import { hasCode } from "../../tools/cluster/lib/files.ts";

/** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
const ticksPerSecond = 100;

/** Seconds of processor time that these processes have used so far, with all their threads. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(
    pids.map(async (pid) => cpuSecondsIn(await readFile(`/proc/${pid}/stat`, "utf8"))),
  );
  return each.reduce((sum, seconds) => sum + seconds, 0);
}

/** @param stat text of /proc/PID/stat @throws Error for anything else */
export function cpuSecondsIn(stat: string): number {
  // The second field is the command in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (Number.isNaN(ticks)) throw new Error(`no times of a process: ${stat.slice(0, 200)}`);
  return ticks / ticksPerSecond;
}

/** Seconds in which threads of these processes could have run and had no core, so far. */
export async function waitedSeconds(pids: readonly number[]): Promise<number> {
  let seconds = 0;
  for (const pid of pids) {
    for (const thread of await readdir(`/proc/${pid}/task`)) {
      seconds += await waitOf(`/proc/${pid}/task/${thread}/schedstat`);
    }
  }
  return seconds;
}

async function waitOf(file: string): Promise<number> {
  try {
    return waitedSecondsIn(await readFile(file, "utf8"));
  } catch (error) {
    // The thread has ended since it was listed.
    if (hasCode(error, "ENOENT") || hasCode(error, "ESRCH")) return 0;
    throw error;
  }
}

/** @param schedstat text of /proc/PID/task/TID/schedstat: nanoseconds running, nanoseconds waiting, turns */
export function waitedSecondsIn(schedstat: string): number {
  const waited = /^\d+ (\d+) \d+$/.exec(schedstat.trim())?.[1];
  if (waited === undefined) throw new Error(`no waiting time of a thread: ${schedstat}`);
  return Number(waited) / 1e9;
}

/** Largest resident sets of these processes, added up, MiB. */
export async function peakMib(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(
    pids.map(async (pid) => peakMibIn(await readFile(`/proc/${pid}/status`, "utf8"))),
  );
  return each.reduce((sum, mib) => sum + mib, 0);
}

/** @param status text of /proc/PID/status @throws Error where the peak is missing */
export function peakMibIn(status: string): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`no peak memory of a process: ${status.slice(0, 200)}`);
  return Number(kib) / 1024;
}
