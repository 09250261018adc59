import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../tools/cluster/progress.ts";
import type { KubeClient } from "../api/client.ts";
import { type LiveObject, readObject } from "../api/objects.ts";
import { DeployError, throwIfInterrupted } from "../errors.ts";
import { type InventoryEntry, named } from "../inventory.ts";
import { explain } from "./explain.ts";
import { type Readiness, readiness } from "./readiness.ts";

/** An object to wait for, or to report on. */
export interface Awaited {
  readonly entry: InventoryEntry;
  readonly path: string;
}

export interface Observed extends Awaited {
  readonly readiness: Readiness;
}

export interface WaitOptions {
  readonly client: KubeClient;
  readonly timeoutSeconds: number;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

const interval = 500;
const absent: Readiness = { state: "waiting", text: "does not exist" };

/**
 * Waits until every object is ready.
 * @returns the objects as they were last seen, in the order given
 * @throws DeployError naming each object that is not ready in time, or that failed, and why
 */
export async function waitUntilReady(
  objects: readonly Awaited[],
  { client, timeoutSeconds, progress, signal }: WaitOptions,
): Promise<Observed[]> {
  const seen = new Map<Awaited, Observed & { readonly live: LiveObject | undefined }>();
  const start = Date.now();
  for (;;) {
    for (const object of objects) {
      if (seen.get(object)?.readiness.state === "ready") continue;
      throwIfInterrupted(signal);
      const live = await readObject(client, object.path, named(object.entry));
      const judged = live === undefined ? absent : readiness(object.entry.kind, live.body);
      seen.set(object, { ...object, readiness: judged, live });
    }
    const open = [...seen.values()].filter((one) => one.readiness.state !== "ready");
    if (open.length === 0) return [...seen.values()];
    const late = Date.now() - start > timeoutSeconds * 1000;
    if (late || open.some((one) => one.readiness.state === "failed")) {
      const reasons = await Promise.all(open.map((one) => complaint(client, one)));
      throw new DeployError(
        `${verdict(late, timeoutSeconds, open.length)}\n${reasons.join("\n")}`,
        1,
      );
    }
    progress.tick(status(open, objects.length, Math.round((Date.now() - start) / 1000)));
    await sleep(interval);
  }
}

function status(open: readonly Observed[], total: number, seconds: number): string {
  const [first] = open;
  const text = first === undefined ? "" : `: ${named(first.entry)} ${first.readiness.text}`;
  return `${total - open.length} of ${total} ready after ${seconds} s${text}`;
}

function verdict(late: boolean, timeoutSeconds: number, open: number): string {
  const what = `${open} ${open === 1 ? "object is" : "objects are"} not ready`;
  return late
    ? `${what} after ${timeoutSeconds} s; wait longer with --timeout SECONDS, or remove the reason`
    : `${what}, and waiting would not help`;
}

async function complaint(
  client: KubeClient,
  { entry, readiness: { text }, live }: Observed & { readonly live: LiveObject | undefined },
): Promise<string> {
  const reasons = live === undefined ? [] : await explain(client, entry, live.body);
  return [`  ${named(entry)}: ${text}`, ...reasons.map((reason) => `    ${reason}`)].join("\n");
}
