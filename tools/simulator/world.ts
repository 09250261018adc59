import type { Fault } from "./faults.ts";
import type { SimulatorOptions } from "./options.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Traffic } from "./traffic.ts";

/** What a request meets. */
export interface World {
  readonly options: SimulatorOptions;
  readonly apiKey: string | undefined;
  readonly scheduler: Scheduler;
  readonly traffic: Traffic;
  readonly fault: () => Fault;
  /** For faults that do not come every time. */
  readonly random: Random;
  /** Seconds since 1970. */
  readonly started: number;
}
