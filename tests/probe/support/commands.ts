import { spawn } from "node:child_process";
import type { Ended } from "../../support/command.ts";

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Written to its standard input. */
  readonly input?: string;
}

/** What a command says. @throws where it fails, with its own words */
export async function must(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await collect(command, options);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${stderr.trim()}`);
  return stdout;
}

/** Runs a program to its end, whatever that is. */
export function collect(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: options.env ?? process.env });
    // A program that ends early is judged by its exit code, not by what it did not read.
    child.stdin.on("error", () => {});
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.input ?? "");
  });
}
