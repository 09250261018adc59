import { setTimeout as sleep } from "node:timers/promises";
import { load, type Target } from "./load.ts";

/** To the engine of one's own, or to the provider outside. */
export const ways = ["local", "outside"] as const;
export type Way = (typeof ways)[number];

/** What is measured: a way to both simulators. */
export interface Side {
  readonly name: string;
  readonly targets: Readonly<Record<Way, Target>>;
  /** Processes on each way; none where nothing is in between. */
  readonly pids: Readonly<Record<Way, readonly number[]>>;
  readonly stop: () => Promise<void>;
}

export interface Site {
  readonly port: number;
  readonly key: string;
}

/** The two simulators, as a proxy has to know them. */
export interface Sites {
  readonly engine: Site;
  /** Speaks TLS. */
  readonly provider: Site;
  readonly model: string;
  /** Authority of the provider's certificate, PEM. */
  readonly authority: string;
}

const patience = 60_000;
const pause = 100;

/** Until both ways have answered. @throws Error with what was said last, a minute later */
export async function waitForAnswers(targets: Readonly<Record<Way, Target>>): Promise<void> {
  const end = performance.now() + patience;
  for (const way of ways) {
    for (;;) {
      try {
        await load(targets[way], { kind: "plain", connections: 1, seconds: 0 });
        break;
      } catch (error) {
        if (performance.now() > end) throw error;
        await sleep(pause);
      }
    }
  }
}
