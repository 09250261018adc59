import type { FaultRequest } from "../../../tools/simulator/process.ts";

/** What a client may see while every engine has a fault, by what its class allows. */
export interface ExpectedFault {
  /** `kill` is no fault of a simulator: its process ends. */
  readonly fault: FaultRequest | "kill";
  /** Statuses that a class sees which may go to a provider. */
  readonly failover: readonly number[];
  /** Statuses that every other class sees. */
  readonly without: readonly number[];
  /** Whether the engine is taken out; it returns with hysteresis then. */
  readonly ejected: boolean;
  /** @default 4 */
  readonly seconds?: number;
  /** @default false */
  readonly stream?: boolean;
}

/** A wedged engine is known by two checks without an answer, 2 s each here; whoever asks before that waits. */
const untilWedgeIsKnown = 9;

export const faultTable: Readonly<Record<string, ExpectedFault>> = {
  "refuses connections": {
    fault: { kind: "refuse" },
    failover: [200],
    without: [503],
    ejected: true,
  },
  "resets connections": {
    fault: { kind: "reset" },
    failover: [200],
    without: [503],
    ejected: true,
  },
  "answers 503": {
    fault: { kind: "status", status: 503 },
    failover: [200],
    without: [503],
    ejected: false,
  },
  "has a full queue": { fault: { kind: "full" }, failover: [200], without: [503], ejected: false },
  "answers 429": {
    fault: { kind: "status", status: 429 },
    failover: [429],
    without: [429],
    ejected: false,
  },
  // An answer is an answer: it is passed on until the check has taken the engine out.
  "answers 500": {
    fault: { kind: "status", status: 500 },
    failover: [200, 500],
    without: [500, 503],
    ejected: true,
  },
  "answers slowly": {
    fault: { kind: "slow", factor: 5 },
    failover: [200],
    without: [200],
    ejected: false,
  },
  // What waits at the engine is answered by it once it goes on.
  "is wedged": {
    fault: { kind: "wedge" },
    failover: [200],
    without: [200, 503],
    ejected: true,
    seconds: untilWedgeIsKnown,
  },
  "is wedged behind its headers": {
    fault: { kind: "wedge", headers: true },
    failover: [200],
    without: [200, 503],
    ejected: true,
    seconds: untilWedgeIsKnown,
    stream: true,
  },
  "is killed": { fault: "kill", failover: [200], without: [503], ejected: true },
};
