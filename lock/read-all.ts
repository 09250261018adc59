import type { Progress } from "../tools/cluster/progress.ts";
import { withTicks } from "../tools/cluster/progress.ts";
import type { Failure, Outcomes, Resolved } from "./outcome.ts";
import { ReadError } from "./read-error.ts";
import type { Reader } from "./readers.ts";
import type { Subject } from "./subjects.ts";

export interface ReadOptions {
  /** @default 4 */
  readonly parallel?: number;
  /** For one name, milliseconds. @default 120000 */
  readonly timeout?: number;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Reads every name, a few at a time; a failure of one does not keep the others from being read. */
export async function readAll(
  subjects: readonly Subject[],
  reader: Reader,
  options: ReadOptions,
): Promise<Outcomes> {
  const { parallel = 4, timeout = 120_000, signal, progress } = options;
  const outcomes: { index: number; outcome: Resolved | Failure }[] = [];
  // One iterator for all workers: each takes the next name.
  const queue = subjects.entries();
  const worker = async () => {
    for (const [index, subject] of queue) {
      outcomes.push({ index, outcome: await readOne(subject, reader, timeout, signal) });
    }
  };
  await withTicks(
    progress,
    (seconds) => `${outcomes.length} of ${subjects.length} names read, ${seconds} s`,
    Promise.all(Array.from({ length: parallel }, worker)),
  );
  const inOrder = outcomes.toSorted((a, b) => a.index - b.index).map(({ outcome }) => outcome);
  return {
    resolved: inOrder.filter((one): one is Resolved => !isFailure(one)),
    failures: inOrder.filter(isFailure),
  };
}

function isFailure(one: Resolved | Failure): one is Failure {
  return "reason" in one;
}

async function readOne(
  subject: Subject,
  reader: Reader,
  timeout: number,
  signal: AbortSignal,
): Promise<Resolved | Failure> {
  const late = AbortSignal.timeout(timeout);
  try {
    signal.throwIfAborted();
    return await reader(subject, AbortSignal.any([signal, late]));
  } catch (error) {
    if (error instanceof ReadError) {
      return { subject, reason: error.message, remedy: error.remedy };
    }
    if (late.aborted) {
      return {
        subject,
        reason: `no answer within ${timeout / 1000} seconds`,
        remedy: "check the connection and run again",
      };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return { subject, reason, remedy: "run again; if it stays, report it with this line" };
  }
}
