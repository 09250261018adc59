import { spawn } from "node:child_process";

/** Enough of a program's words to see why it failed. */
const keptOutput = 8_000;

export interface Outcome {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** The end of what it wrote to both streams. */
  readonly output: string;
}

/**
 * Runs a program to its end.
 * @throws with code ENOENT where there is no such program on the PATH of `env`
 */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (text: string) => {
      output = (output + text).slice(-keptOutput);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
