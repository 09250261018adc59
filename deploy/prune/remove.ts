import { setTimeout as sleep } from "node:timers/promises";
import { phaseOf } from "../../offline/render/plan.ts";
import type { Progress } from "../../tools/cluster/progress.ts";
import type { KubeClient } from "../api/client.ts";
import { failure } from "../api/failure.ts";
import { Kinds, objectPath } from "../api/kinds.ts";
import { applyObject, deleteObject, readObject } from "../api/objects.ts";
import { DeployError, throwIfInterrupted } from "../errors.ts";
import { type InventoryEntry, named } from "../inventory.ts";
import { stackLabel } from "../ownership.ts";

export interface RemoveOptions {
  readonly client: KubeClient;
  readonly stack: string;
  readonly timeoutSeconds: number;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

interface Going {
  readonly entry: InventoryEntry;
  readonly path: string;
  readonly uid: string;
}

const interval = 300;

/**
 * Deletes objects in the order given, phase by phase: walls stand until the last pod behind them has
 * ended. What does not carry the stack's
 * label is left alone, whatever the inventory says.
 * @returns how many were deleted, or given back where only fields were the stack's
 */
export async function removeObjects(
  entries: readonly InventoryEntry[],
  options: RemoveOptions,
): Promise<number> {
  const kinds = new Kinds(options.client);
  let going: Going[] = [];
  let phase: number | undefined;
  let count = 0;
  for (const entry of entries) {
    throwIfInterrupted(options.signal);
    if (phase !== phaseOf(entry.kind)) {
      await untilGone(going, options);
      going = [];
      phase = phaseOf(entry.kind);
    }
    const served = await kinds.find(entry.apiVersion, entry.kind);
    // A kind that is gone took its objects with it.
    if (served === undefined) continue;
    const path = objectPath(served, entry);
    const uid = await removeOne(entry, path, options);
    if (uid === undefined) continue;
    count++;
    if (!entry.patch) going.push({ entry, path, uid });
  }
  await untilGone(going, options);
  return count;
}

/** @returns the identity of what was deleted; `undefined` where nothing was done */
async function removeOne(
  entry: InventoryEntry,
  path: string,
  { client, stack, progress }: RemoveOptions,
): Promise<string | undefined> {
  const live = await readObject(client, path, named(entry));
  if (live === undefined) return undefined;
  if (entry.patch) {
    await giveBack(entry, path, client);
    progress.step(`gave back the fields of ${named(entry)}`);
    return live.uid;
  }
  if (live.labels[stackLabel] !== stack) {
    progress.step(`left alone ${named(entry)}: it carries no label ${stackLabel}=${stack}`);
    return undefined;
  }
  await deleteObject(client, path, named(entry), live);
  progress.step(`deleted ${named(entry)}`);
  return live.uid;
}

/** Applying nothing removes exactly the fields that this tool owns and nobody else claims. */
async function giveBack(entry: InventoryEntry, path: string, client: KubeClient): Promise<void> {
  const { apiVersion, kind, namespace, name } = entry;
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const { status, body } = await applyObject(
    client,
    path,
    { apiVersion, kind, metadata },
    { force: false },
  );
  if (status >= 300)
    throw failure(`${named(entry)}: its fields cannot be given back`, status, body);
}

async function untilGone(going: readonly Going[], options: RemoveOptions): Promise<void> {
  const { client, timeoutSeconds, progress, signal } = options;
  const start = Date.now();
  for (let open = going; ; await sleep(interval)) {
    throwIfInterrupted(signal);
    const left: Going[] = [];
    for (const one of open) {
      const live = await readObject(client, one.path, named(one.entry));
      if (live?.uid === one.uid) left.push(one);
    }
    open = left;
    if (open.length === 0) return;
    if (Date.now() - start > timeoutSeconds * 1000) {
      throw new DeployError(
        `still there ${timeoutSeconds} s after deletion: ${open.map(({ entry }) => named(entry)).join(", ")}; ` +
          "look for their finalizers and for pods that use them",
        1,
      );
    }
    progress.tick(`waiting until ${open.length} deleted objects are gone`);
  }
}
