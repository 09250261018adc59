import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { UsageError } from "./usage.ts";

/**
 * Writes a file and the folders above it.
 * @param given the place as the user wrote it
 * @throws UsageError where the place cannot be written
 */
export async function writeOutput(file: string, content: string, given: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  } catch (error) {
    throw outputError(error, given);
  }
}

/** Why `--out` cannot be written, as the user may read it. */
export function outputError(error: unknown, given: string): UsageError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new UsageError(`--out ${given}: cannot be written (${code}); name another place`);
}
