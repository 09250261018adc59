import { z } from "zod";
import { at, type Value } from "../policies/model/value.ts";
import type { KubeClient } from "./api/client.ts";
import { failure } from "./api/failure.ts";
import type { ObjectReference } from "./api/kinds.ts";
import { applyObject, deleteObject, readObject } from "./api/objects.ts";
import { DeployError } from "./errors.ts";
import { notesNamespace, stackLabel } from "./ownership.ts";

/** An object that a stack has applied. */
export interface InventoryEntry extends ObjectReference {
  /** Only some fields were applied; the object itself is not the stack's. */
  readonly patch: boolean;
  /** The stack asked that it outlives a mistaken deletion. */
  readonly keep: boolean;
}

const entrySchema = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  patch: z.boolean(),
  keep: z.boolean(),
});
const fileSchema = z.array(entrySchema);
const key = "objects.json";

/**
 * Same object whatever version of its API it was applied through.
 * @returns group, kind, namespace and name
 */
export function identityOf({ apiVersion, kind, namespace, name }: ObjectReference): string {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return `${group}/${kind}/${namespace ?? ""}/${name}`;
}

/** "Deployment inference/llama" */
export function named({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** All of both, each object once; the second describes it where both do. */
export function union(
  a: readonly InventoryEntry[],
  b: readonly InventoryEntry[],
): InventoryEntry[] {
  return [...new Map([...a, ...b].map((entry) => [identityOf(entry), entry])).values()];
}

/** Start of the name of every inventory. */
export const inventoryPrefix = "private-llm-inventory-";

/** @throws DeployError where the stack's name can name no object */
export function inventoryName(stack: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(stack)) {
    throw new DeployError(
      `stack "${stack}": Kubernetes objects are named after it, so it must be 1 to 40 lower-case letters, digits and inner hyphens; rename the stack file`,
    );
  }
  return `${inventoryPrefix}${stack}`;
}

function path(stack: string): string {
  return `/api/v1/namespaces/${notesNamespace}/configmaps/${inventoryName(stack)}`;
}

function title(stack: string): string {
  return `inventory ConfigMap ${notesNamespace}/${inventoryName(stack)}`;
}

/**
 * What a stack has on this cluster; `undefined` where it was never applied here.
 * @throws DeployError where the inventory is there and cannot be understood: nothing is then known to prune
 */
export async function readInventory(
  client: KubeClient,
  stack: string,
): Promise<readonly InventoryEntry[] | undefined> {
  const live = await readObject(client, path(stack), title(stack));
  if (live === undefined) return undefined;
  const entries = inventoryEntries(live.body);
  if (entries === undefined) {
    throw new DeployError(
      `${title(stack)}: ${key} is not a list of objects; restore it from a backup, or delete it ` +
        `to go on without pruning what earlier runs made`,
    );
  }
  return entries;
}

/** Entries of the ConfigMap that holds an inventory; `undefined` where it cannot be understood. */
export function inventoryEntries(configMap: Value): readonly InventoryEntry[] | undefined {
  const text = at(configMap, "data", key);
  try {
    const entries = fileSchema.parse(JSON.parse(typeof text === "string" ? text : ""));
    return entries.map((entry) => ({ ...entry, namespace: entry.namespace }));
  } catch {
    return undefined;
  }
}

/** Writes the inventory; the same content again is no change to the cluster. */
export async function writeInventory(
  client: KubeClient,
  stack: string,
  entries: readonly InventoryEntry[],
): Promise<void> {
  const sorted = entries.toSorted((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1));
  const { status, body } = await applyObject(
    client,
    path(stack),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: inventoryName(stack),
        namespace: notesNamespace,
        labels: { [stackLabel]: stack },
      },
      data: { [key]: `[\n${sorted.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n` },
    },
    { force: true },
  );
  if (status >= 300) throw failure(`${title(stack)} cannot be written`, status, body);
}

export async function deleteInventory(client: KubeClient, stack: string): Promise<void> {
  const live = await readObject(client, path(stack), title(stack));
  if (live !== undefined) await deleteObject(client, path(stack), title(stack), live);
}
