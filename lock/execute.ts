import { execFile } from "node:child_process";

export interface Execution {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, or until `signal` ends it.
 * @throws the signal's reason, or the system's error where the program cannot be started
 */
export function execute(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Execution> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, signal, maxBuffer: 1 << 20 }, (error, stdout, stderr) => {
      if (signal.aborted) reject(asError(signal.reason));
      else if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ succeeded: error === null, stdout, stderr });
    });
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** What a Go command line tool says last when it fails. */
export function lastWords(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const said = lines.findLast((line) => line.startsWith("Error: ")) ?? lines.at(-1) ?? "";
  return said.replace(/^Error: /, "").trim() || "it failed without a word";
}
