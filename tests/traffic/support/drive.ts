import type { Client, Outcome } from "./client.ts";

export interface Drive {
  /** Of requests that have ended so far. */
  readonly outcomes: readonly Outcome[];
  /** Sends no more, and waits for what is under way. */
  readonly stop: () => Promise<readonly Outcome[]>;
}

/** A request every so many milliseconds, whether those before have been answered or not. */
export function drive(from: Client, every: number, body?: string): Drive {
  const outcomes: Outcome[] = [];
  const pending = new Set<Promise<void>>();
  const record = async () => {
    outcomes.push(await from.send(body));
  };
  const timer = setInterval(() => {
    const one = record();
    pending.add(one);
    void one.finally(() => pending.delete(one));
  }, every);
  const stop = async () => {
    clearInterval(timer);
    await Promise.all(pending);
    return outcomes.toSorted((a, b) => a.startedAt - b.startedAt);
  };
  return { outcomes, stop };
}
