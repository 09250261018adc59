import { setTimeout as sleep } from "node:timers/promises";
import { throwIfInterrupted } from "../../deploy/errors.ts";
import { type ChangeProgress, changeProgress } from "../../migration/progress.ts";
import { type GatewayObjects, readStatus } from "./objects.ts";

/** Between two looks at the status, ms. */
const interval = 50;

/** Waits until every gateway replica accepted the routes of a record, or time is up. */
export async function waitForReplicas(
  objects: GatewayObjects,
  record: { readonly sequence: number; readonly hash: string },
  seconds: number,
  signal: AbortSignal,
): Promise<ChangeProgress> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    throwIfInterrupted(signal);
    const progress = changeProgress(await readStatus(objects), record);
    if (progress.kind !== "waiting" || performance.now() > deadline) return progress;
    await sleep(interval);
  }
}
