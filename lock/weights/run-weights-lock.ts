import { compareText } from "../../components/lib/compare-text.ts";
import {
  manifestKey,
  parseWeightsLock,
  type WeightsLock,
  weightsLockSchema,
} from "../../infra/weights-lock.ts";
import { readIfPresent } from "../../tools/cluster/lib/files.ts";
import { publishLock } from "../lock-file.ts";
import type { Hub } from "../model-revision.ts";
import { ReadError } from "../read-error.ts";
import { type Checkpoint, readManifestOf } from "./model-manifest.ts";

export interface WeightsLockRequest {
  /** Those that stacks serve, at the revisions of the digest lock; the lock holds no others. */
  readonly checkpoints: readonly Checkpoint[];
  readonly hub: Hub;
  /** Absolute path of the lock. */
  readonly file: string;
  /** Absolute path of the lock to start from where `file` does not exist. */
  readonly fallback: string;
  readonly mode: "check" | "whole" | "partial";
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface WeightsLockResult {
  /** Manifests that the lock lacked, held as an example or held otherwise. */
  readonly different: readonly string[];
  /** One for each manifest that could not be read: why, and what to do. */
  readonly failures: readonly string[];
}

/** Reads the manifests of all checkpoints and writes the lock, unless something failed. @throws the signal's reason */
export async function runWeightsLock(request: WeightsLockRequest): Promise<WeightsLockResult> {
  const { checkpoints, hub, file, fallback, mode, signal, say } = request;
  const text = await readIfPresent(file);
  const before = await startingLock(text, file, fallback);
  const after: WeightsLock = {};
  const failures: string[] = [];
  for (const checkpoint of checkpoints) {
    const key = manifestKey(checkpoint.repository, checkpoint.revision);
    say(`reading the files of ${key}`);
    try {
      const { manifest, leftOut } = await readManifestOf(hub, checkpoint, signal);
      after[key] = { manifest };
      if (leftOut.length > 0) say(`${key}: left out: ${leftOut.join(", ")}`);
    } catch (error) {
      signal.throwIfAborted();
      const held = before[key];
      if (held !== undefined) after[key] = held;
      failures.push(failureText(key, error));
    }
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const different = keys.filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const result = { different, failures };
  if (mode === "check" || (mode === "whole" && failures.length > 0)) return result;
  const written = lockText(after);
  if (written !== text) await publishLock(file, written);
  return result;
}

function failureText(key: string, error: unknown): string {
  if (error instanceof ReadError) return `${key}\n    ${error.message}\n    ${error.remedy}`;
  return `${key}\n    ${error instanceof Error ? error.message : String(error)}\n    run again`;
}

/** The bytes of a lock file; the same for the same lock. */
function lockText(lock: WeightsLock): string {
  const entries = Object.entries(lock).toSorted(([a], [b]) => compareText(a, b));
  return `${JSON.stringify(weightsLockSchema.parse(Object.fromEntries(entries)), undefined, 2)}\n`;
}

async function startingLock(
  text: string | undefined,
  file: string,
  fallback: string,
): Promise<WeightsLock> {
  if (text !== undefined) return parseWeightsLock(text, file);
  const other = await readIfPresent(fallback);
  return other === undefined ? {} : parseWeightsLock(other, fallback);
}
