import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { type Lock, parseLock } from "../infra/lock.ts";
import { readIfPresent } from "../tools/cluster/lib/files.ts";
import { emptyLock } from "./merge.ts";

export interface LockFile {
  /** Undefined where there is no file yet. */
  readonly text: string | undefined;
  readonly lock: Lock;
}

/**
 * What a run starts from: the file, else the one it is a variant of, else nothing.
 * @throws LockFileError where a file is there and is no lock
 */
export async function openLock(file: string, fallback: string): Promise<LockFile> {
  const text = await readIfPresent(file);
  if (text !== undefined) return { text, lock: parseLock(text, file) };
  const other = await readIfPresent(fallback);
  return { text, lock: other === undefined ? emptyLock : parseLock(other, fallback) };
}

/** Readers see the old file or the new one, never a part. */
export async function publishLock(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text, { mode: 0o644, flush: true });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
