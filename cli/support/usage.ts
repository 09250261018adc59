import { exitCodes } from "../../offline/report/stack-report.ts";

/** A command line that cannot be followed; the message ends with what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Ends the process in one message, without a stack where the user is at fault. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  // What a program does inside an output comes back here.
  process.on("unhandledRejection", (error) => {
    process.stderr.write(`${message(error)}\n`);
    process.exit(exitCodes.usage);
  });
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = exitCodes.usage;
    process.stderr.write(`${message(error)}\n`);
  }
}

/** Errors that are the user's to mend: their text says all there is to say. */
const told = new Set([
  "ConfigError",
  "DeployError",
  "LockFileError",
  "ManifestError",
  "SecretOnDiskError",
  "StackFileError",
  "UnknownValuesError",
  "UsageError",
]);

/** What to tell of an error: a fault of the user by its text alone, anything else with its stack. */
export function message(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const run = "__pulumiRunError" in error && error.__pulumiRunError === true;
  return told.has(error.name) || run ? error.message : (error.stack ?? error.message);
}
