import type { Progress } from "../tools/cluster/progress.ts";
import type { KubeClient } from "./api/client.ts";
import { deleteObject, readObject } from "./api/objects.ts";
import {
  deleteInventory,
  type InventoryEntry,
  readInventory,
  writeInventory,
} from "./inventory.ts";
import { notesNamespace } from "./ownership.ts";
import { inDeletionOrder, reasonToAsk } from "./prune/decide.ts";
import { removeObjects } from "./prune/remove.ts";
import { storeName, storePath } from "./random/values.ts";

export interface RemoveStackOptions {
  readonly client: KubeClient;
  readonly stack: string;
  /** Delete what holds data too. */
  readonly yes: boolean;
  readonly timeoutSeconds: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

export interface RemoveStackResult {
  readonly removed: number;
  /** What holds data and was left alone; the inventory still lists it. */
  readonly kept: readonly InventoryEntry[];
}

/**
 * Deletes what a stack applied, in reverse order.
 * @returns `undefined` where the stack has nothing on this cluster
 */
export async function removeStack(
  options: RemoveStackOptions,
): Promise<RemoveStackResult | undefined> {
  const { client, stack, yes } = options;
  const entries = await readInventory(client, stack);
  if (entries === undefined) return undefined;
  const kept = yes ? [] : entries.filter((entry) => reasonToAsk(entry) !== undefined);
  const going = inDeletionOrder(entries.filter((entry) => !kept.includes(entry)));
  const removed = await removeObjects(going, { ...options, signal: options.signal });
  if (kept.length > 0) await writeInventory(client, stack, kept);
  else {
    await deleteStore(client, stack);
    await deleteInventory(client, stack);
  }
  return { removed, kept };
}

async function deleteStore(client: KubeClient, stack: string): Promise<void> {
  const title = `Secret ${notesNamespace}/${storeName(stack)}`;
  const live = await readObject(client, storePath(stack), title);
  if (live !== undefined) await deleteObject(client, storePath(stack), title, live);
}
