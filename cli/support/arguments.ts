import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage.ts";

/** Options and positionals of a command line. @throws UsageError with the usage behind the fault */
export function commandLine<const T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
