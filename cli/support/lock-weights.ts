import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { lockPath, readLock } from "../../infra/lock.ts";
import { weightsLockPath } from "../../infra/weights-lock.ts";
import { huggingFace } from "../../lock/model-revision.ts";
import type { Mode } from "../../lock/run-lock.ts";
import { runWeightsLock } from "../../lock/weights/run-weights-lock.ts";
import { consoleProgress } from "../../tools/cluster/progress.ts";
import { servedCheckpoints } from "./served-checkpoints.ts";

export interface WeightsCall {
  readonly mode: Mode;
  /** Absolute path of the digest lock; undefined for the one of this repository. */
  readonly out: string | undefined;
  /** Whether `out` holds what this run read; else the lock of this repository says at which commits to look. */
  readonly written: boolean;
  readonly signal: AbortSignal;
}

/**
 * Brings the manifests of weights up to date with the digest lock.
 * @returns 0 done, 1 `check` found a difference, 2 something could not be read
 */
export async function lockWeights({ mode, out, written, signal }: WeightsCall): Promise<0 | 1 | 2> {
  const committed = fileURLToPath(weightsLockPath);
  const file =
    out === undefined ? committed : path.join(path.dirname(out), path.basename(committed));
  const { models } = readLock(out === undefined || !written ? lockPath : pathToFileURL(out));
  const checkpoints = (await servedCheckpoints()).flatMap((served) => {
    const revision = models[served.repository]?.revision;
    return revision === undefined ? [] : [{ ...served, revision }];
  });
  const progress = consoleProgress();
  const { different, failures } = await runWeightsLock({
    checkpoints,
    hub: { url: huggingFace, token: process.env["HF_TOKEN"] },
    file,
    fallback: committed,
    mode,
    signal,
    say: (line) => progress.step(line),
  });
  for (const key of different) process.stdout.write(`  ${key}  its files differ from the lock's\n`);
  const differences = different.length === 1 ? "1 difference" : `${different.length} differences`;
  process.stdout.write(`${path.basename(file)}: ${differences}\n`);
  for (const failure of failures) process.stderr.write(`could not be read: ${failure}\n`);
  if (mode === "check" && different.length > 0) return 1;
  return failures.length > 0 ? 2 : 0;
}
