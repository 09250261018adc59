import { createInterface } from "node:readline/promises";
import { DeployError, InterruptedError } from "../../deploy/errors.ts";
import { UnknownValuesError } from "../../offline/render/plan.ts";
import { consoleProgress, type Progress, silentProgress } from "../../tools/cluster/progress.ts";
import { UsageError } from "./usage.ts";

/** Longest time that a request under way is waited for after Ctrl-C, ms. */
const patience = 3000;
const farewell = "interrupted; the same command completes the work";

/** Aborted by Ctrl-C. The process then ends with 130, if need be by itself. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const leave = () => {
    process.stderr.write(`${farewell}\n`);
    process.exit(130);
  };
  process.on("SIGINT", () => {
    // Impatience, or npm and the terminal both passing on the same key.
    if (controller.signal.aborted) leave();
    controller.abort();
    setTimeout(leave, patience).unref();
  });
  return controller.signal;
}

/** Exit code of a command that talks to a cluster; what a user can set right is told without a stack. */
export async function deploymentEnding(main: () => Promise<number>): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (error instanceof UnknownValuesError) throw new UsageError(error.message);
    if (!(error instanceof DeployError || error instanceof InterruptedError)) throw error;
    // Through the progress, which first clears the line of a step under way.
    consoleProgress().step(error.message);
    return error.exitCode;
  }
}

export function progressFor(quiet: boolean): Progress {
  return quiet ? silentProgress : consoleProgress();
}

/** Asks on the terminal; `undefined` where there is nobody to ask. */
export function asker(): ((question: string) => Promise<string>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // The line editor takes Ctrl-C for itself; here it means what it means everywhere else.
    terminal.once("SIGINT", () => {
      process.stderr.write(`\n${farewell}\n`);
      process.exit(130);
    });
    try {
      return await terminal.question(`${question} `);
    } finally {
      terminal.close();
    }
  };
}

/** Seconds from `--timeout`. */
export function timeoutSeconds(given: string): number {
  const seconds = Number(given);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new UsageError(`--timeout ${given}: give whole seconds, as in --timeout 300`);
}

/** The one stack that a command is about. */
export function oneStack(positionals: readonly string[], usage: string): string {
  const [stack = "dev", ...more] = positionals;
  if (more.length === 0) return stack;
  throw new UsageError(`one stack at a time; leave out ${more.join(", ")}\n${usage}`);
}
