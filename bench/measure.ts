import { spawn } from "node:child_process";
import * as path from "node:path";

export interface Measurement {
  /** Wall time of the whole process, seconds. */
  readonly seconds: number;
  /** Largest resident set, MiB. */
  readonly peakMib: number;
}

const reporter = path.join(import.meta.dirname, "report-usage.ts");

/** Times one Node process from start to end. @throws Error when it fails */
export function measure(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, ["--import", reporter, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    let complaints = "";
    let usage = "";
    child.stdio[2]?.on("data", (chunk: Buffer) => {
      complaints += chunk.toString("utf8");
    });
    child.stdio[3]?.on("data", (chunk: Buffer) => {
      usage += chunk.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - start) / 1000;
      if (code === 0) resolve({ seconds, peakMib: Number(usage) / 1024 });
      else reject(new Error(`${args.join(" ")} ended with ${code}: ${complaints}`));
    });
  });
}

/** The run of the median time among several. */
export async function median(runs: number, once: () => Promise<Measurement>): Promise<Measurement> {
  const measured: Measurement[] = [];
  for (let run = 0; run < runs; run += 1) measured.push(await once());
  const sorted = measured.toSorted((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(runs / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
