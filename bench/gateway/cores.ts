import { readFile } from "node:fs/promises";
import { run } from "../../tools/cluster/lib/run.ts";

/** Which cores the load and the simulators have, and which one what is measured has. */
export interface Cores {
  readonly load: readonly number[];
  readonly measured: number;
}

/** @param list as /proc writes it, such as `0-2,4` */
export function coresIn(list: string): readonly number[] {
  return list
    .trim()
    .split(",")
    .flatMap((part) => {
      const [first = Number.NaN, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** Undefined where this process may use one core only. */
export async function chooseCores(): Promise<Cores | undefined> {
  const status = await readFile("/proc/self/status", "utf8");
  const allowed = coresIn(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "0");
  const measured = allowed.at(-1);
  if (allowed.length < 2 || measured === undefined) return undefined;
  return { load: allowed.slice(0, -1), measured };
}

/** Binds all threads of a process to these cores; what it starts later is bound as well. */
export async function bind(pid: number, cores: readonly number[]): Promise<void> {
  const words = ["-a", "-p", "-c", cores.join(","), String(pid)];
  const { code, output } = await run("taskset", words);
  if (code !== 0)
    throw new Error(`taskset ${words.join(" ")} ended with ${code}: ${output.trim()}`);
}
