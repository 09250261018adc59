import { spawn } from "node:child_process";

export interface Run {
  /** Wall time of the whole process with its children, seconds. */
  readonly seconds: number;
  /** Largest resident set of any one of its processes, MiB. */
  readonly peakMib: number;
  readonly code: number;
  readonly stdout: string;
}

/** The operating system tells the memory of children to their parent alone, so a small parent asks. */
const parent = `
import resource, subprocess, sys
done = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=float(sys.argv[1]))
sys.stderr.write("%d %d" % (done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
`;

/** @throws Error where the command does not end within the time */
export function runCommand(command: readonly string[], timeoutSeconds: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn("python3", ["-c", parent, String(timeoutSeconds), ...command], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let facts = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      facts += text;
    });
    child.on("error", reject);
    child.on("close", () => {
      const seconds = (performance.now() - start) / 1000;
      const found = /^(-?\d+) (\d+)$/.exec(facts);
      if (found === null)
        reject(new Error(`${command.join(" ")}: ${facts.trim().split("\n").at(-1)}`));
      else resolve({ seconds, peakMib: Number(found[2]) / 1024, code: Number(found[1]), stdout });
    });
  });
}
