import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export interface Readiness {
  /**
   * Asked again and again until it holds; an error counts as *not yet*. The signal is aborted when nobody
   * waits for the answer any more.
   */
  readonly isReady: (signal: AbortSignal) => Promise<boolean>;
  /**
   * How long to wait, in ms
   * @default 30000
   */
  readonly timeout?: number;
}

const defaultTimeout = 30_000;
const pollInterval = 50;

/** Why the process is not ready and will not be; undefined once it is. */
export async function obstacleTo(
  { isReady, timeout = defaultTimeout }: Readiness,
  child: ChildProcess,
): Promise<string | undefined> {
  const over = new AbortController();
  const { signal } = over;
  const giveUp = () => over.abort();
  const timer = setTimeout(giveUp, timeout);
  child.once("exit", giveUp);
  const noMore = new Promise<false>((resolve) => {
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });
  let reason = "";
  const attempt = async () => {
    try {
      return await isReady(signal);
    } catch (error) {
      if (!signal.aborted) reason = `; last: ${describe(error)}`;
      return false;
    }
  };
  try {
    while (!signal.aborted && !hasEnded(child)) {
      // Somebody else may answer on a port that the process did not get.
      if ((await Promise.race([attempt(), noMore])) && !hasEnded(child)) return undefined;
      await Promise.race([sleep(pollInterval), noMore]);
    }
    if (hasEnded(child)) return `ended with ${child.exitCode ?? child.signalCode}`;
    return `is not ready after ${timeout / 1000} s${reason}`;
  } finally {
    clearTimeout(timer);
    child.off("exit", giveUp);
    giveUp();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
