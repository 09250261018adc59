import { phaseOf } from "../../offline/render/plan.ts";
import { type InventoryEntry, identityOf, named } from "../inventory.ts";

/** What to do about objects that the stack once applied and no longer has. */
export interface PruneDecision {
  /** In the order of deletion: the reverse of the order in which things are applied. */
  readonly remove: readonly InventoryEntry[];
  /** Those of `remove` that nobody deletes unasked, with the reason for each. */
  readonly ask: readonly { readonly entry: InventoryEntry; readonly reason: string }[];
}

/** Kinds whose deletion loses something that applying the stack again does not bring back. */
const holdsData: ReadonlyMap<string, string> = new Map([
  ["PersistentVolumeClaim", "holds data"],
  ["PersistentVolume", "holds data"],
  ["Secret", "holds a secret that cannot be made again"],
  ["Namespace", "everything in it goes with it"],
  ["CustomResourceDefinition", "all objects of its kind go with it"],
]);

/** Pure: compares what was applied with what is wanted now. */
export function decidePrune(
  applied: readonly InventoryEntry[],
  wanted: readonly InventoryEntry[],
): PruneDecision {
  const kept = new Set(wanted.map(identityOf));
  const remove = inDeletionOrder(applied.filter((entry) => !kept.has(identityOf(entry))));
  const ask = remove.flatMap((entry) => {
    const reason = reasonToAsk(entry);
    return reason === undefined ? [] : [{ entry, reason }];
  });
  return { remove, ask };
}

/** Why an object must not be deleted unasked; `undefined` where it may. */
export function reasonToAsk(entry: InventoryEntry): string | undefined {
  // Giving back some fields deletes nothing.
  if (entry.patch) return undefined;
  return holdsData.get(entry.kind) ?? (entry.keep ? "is protected by the stack" : undefined);
}

export function inDeletionOrder(entries: readonly InventoryEntry[]): InventoryEntry[] {
  return entries.toSorted(
    (a, b) => phaseOf(b.kind) - phaseOf(a.kind) || (identityOf(a) < identityOf(b) ? -1 : 1),
  );
}

/** One line for each object that has to be asked for. */
export function listed(ask: PruneDecision["ask"]): string {
  return ask.map(({ entry, reason }) => `  ${named(entry)} (${reason})`).join("\n");
}
