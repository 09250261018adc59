import { spawn } from "node:child_process";

export interface Run {
  /** Wall time of the whole process with its children, seconds. */
  readonly seconds: number;
  /** Largest resident set of any one of its processes, MiB. */
  readonly peakMib: number;
  readonly code: number;
  readonly stdout: string;
}

/** A command that was ended because its time was over. */
export class TimeOver extends Error {
  override readonly name = "TimeOver";
}

/**
 * The operating system tells the memory of children to their parent alone, so a small parent asks. It
 * ends a command that is too slow, or whose run is broken off, together with what the command has started.
 */
const parent = `
import os, resource, signal, subprocess, sys
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("ended"))
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
try:
    code = child.wait(timeout=float(sys.argv[1]))
except subprocess.TimeoutExpired:
    sys.exit("time over")
finally:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
sys.stderr.write("%d %d" % (code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
`;

/**
 * @throws TimeOver where the command does not end within the time
 * @throws Error where it cannot be started
 */
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
      const last = facts.trim().split("\n").at(-1) ?? "";
      if (found !== null) {
        resolve({ seconds, peakMib: Number(found[2]) / 1024, code: Number(found[1]), stdout });
      } else if (last === "time over") {
        reject(new TimeOver(`${command[0]} took more than ${timeoutSeconds} s`));
      } else reject(new Error(`${command[0]}: ${last}`));
    });
  });
}
