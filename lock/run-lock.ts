import { exampleEntries } from "../infra/lock.ts";
import type { Progress } from "../tools/cluster/progress.ts";
import { type Change, changesOf } from "./changes.ts";
import { openLock, publishLock } from "./lock-file.ts";
import { lockText, mergeLock } from "./merge.ts";
import type { Failure } from "./outcome.ts";
import { readAll } from "./read-all.ts";
import type { Reader } from "./readers.ts";
import { type Catalogue, type Kind, subjectsOf } from "./subjects.ts";

/** check: compare only; whole: write if every name was read; partial: write what was read. */
export type Mode = "check" | "whole" | "partial";

export interface LockRequest {
  readonly mode: Mode;
  readonly kinds: readonly Kind[];
  /** Keys of names that are not read this time, and keep what they have. @default - every name is read */
  readonly without?: ReadonlySet<string>;
  /** Absolute path of the lock. */
  readonly file: string;
  /** Absolute path of the lock to start from where `file` does not exist. */
  readonly fallback: string;
}

export interface LockSurroundings {
  readonly catalogue: Catalogue;
  readonly reader: Reader;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** For one name, milliseconds. @default 120000 */
  readonly timeout?: number;
}

export interface LockResult {
  readonly mode: Mode;
  readonly changes: readonly Change[];
  readonly failures: readonly Failure[];
  /** unchanged: the file holds these bytes already; withheld: the mode or a failure forbids to write. */
  readonly file: "written" | "unchanged" | "withheld";
  /** Examples in the lock as it stands after the run. */
  readonly examples: number;
}

/**
 * Reads every name asked for and brings the lock up to date.
 * @throws LockFileError, or the signal's reason; then nothing was written
 */
export async function runLock(
  request: LockRequest,
  outside: LockSurroundings,
): Promise<LockResult> {
  const { mode, kinds, file } = request;
  const { catalogue, reader, progress, signal } = outside;
  const before = await openLock(file, request.fallback);
  const asked = ({ key }: { readonly key: string }) => request.without?.has(key) !== true;
  const all = subjectsOf(catalogue, kinds);
  const subjects = all.filter(asked);
  const left = all.filter((subject) => !asked(subject)).map(({ key }) => key);
  if (left.length > 0) progress.step(`not read: ${left.join(", ")}`);
  progress.step(`reading ${subjects.length} names (${kinds.join(", ")})`);
  const { resolved, failures } = await readAll(subjects, reader, outside);
  signal.throwIfAborted();
  progress.step(`${resolved.length} read, ${failures.length} failed`);
  const result = {
    mode,
    changes: changesOf(before.lock, catalogue, kinds, resolved).filter(asked),
    failures,
  };
  if (mode === "check" || (failures.length > 0 && (mode === "whole" || resolved.length === 0))) {
    return { ...result, file: "withheld", examples: exampleEntries(before.lock).length };
  }
  const after = mergeLock(before.lock, catalogue, resolved);
  const text = lockText(after);
  const examples = exampleEntries(after).length;
  if (text === before.text) return { ...result, file: "unchanged", examples };
  await publishLock(file, text);
  return { ...result, file: "written", examples };
}

/** Exit code: 0 done, 1 `check` found a difference, 2 something could not be read. */
export function exitCodeOf({ mode, changes, failures }: LockResult): 0 | 1 | 2 {
  // A difference is certain; what could not be read may or may not be one.
  if (mode === "check" && changes.some((change) => change.state !== "same")) return 1;
  return failures.length > 0 ? 2 : 0;
}
