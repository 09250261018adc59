import type { PlannedObject } from "../offline/render/plan.ts";
import { at, isArray } from "../policies/model/value.ts";
import type { KubeClient } from "./api/client.ts";
import { definedKinds, Kinds, objectPath, type ServedKind } from "./api/kinds.ts";
import { type LiveObject, readObject } from "./api/objects.ts";
import { DeployError } from "./errors.ts";
import { type InventoryEntry, named } from "./inventory.ts";
import { stackLabel } from "./ownership.ts";

/** A planned object with its place on this cluster and what is there now. */
export interface Placed {
  readonly object: PlannedObject;
  readonly entry: InventoryEntry;
  readonly served: ServedKind;
  readonly path: string;
  readonly live: LiveObject | undefined;
}

/**
 * Looks everything up before anything is touched.
 * @throws DeployError listing every object that cannot be applied here, with the reason for each
 */
export async function preflight(
  client: KubeClient,
  stack: string,
  planned: readonly PlannedObject[],
): Promise<Placed[]> {
  const kinds = new Kinds(client);
  const defined = definedKinds(planned);
  const faults: string[] = [];
  const placed: Placed[] = [];
  for (const object of planned) {
    const { apiVersion, kind } = object;
    const served = await kinds.find(apiVersion, kind);
    const known = served ?? defined.get(`${apiVersion} ${kind}`);
    if (known === undefined) {
      faults.push(
        `${named(object)}: the cluster knows no kind ${kind} of ${apiVersion}; install its definition first`,
      );
      continue;
    }
    const entry = entryOf(object, known);
    const path = objectPath(known, entry);
    const live = served === undefined ? undefined : await readObject(client, path, named(entry));
    const fault = faultOf(object, entry, live, stack);
    if (fault !== undefined) faults.push(`${named(entry)}: ${fault}`);
    placed.push({ object, entry, served: known, path, live });
  }
  if (faults.length === 0) return placed;
  throw new DeployError(
    `nothing was changed; ${faults.length} of ${planned.length} objects cannot be applied\n${faults
      .map((fault) => `  ${fault}`)
      .join("\n")}`,
  );
}

function entryOf(object: PlannedObject, served: ServedKind): InventoryEntry {
  const { apiVersion, kind, name, patch, keep } = object;
  const namespace = served.namespaced ? (object.namespace ?? "default") : undefined;
  return { apiVersion, kind, namespace, name, patch, keep };
}

function faultOf(
  object: PlannedObject,
  entry: InventoryEntry,
  live: LiveObject | undefined,
  stack: string,
): string | undefined {
  if (object.patch) return live === undefined ? absent(entry) : undefined;
  if (live === undefined) return undefined;
  if (live.deleting) return "is being deleted; wait until it is gone, then run again";
  const owner = live.labels[stackLabel];
  if (owner === stack) return undefined;
  if (owner !== undefined) return `belongs to stack ${owner}; rename it in one of the two stacks`;
  if (managers(live).some((manager) => manager.startsWith("pulumi-kubernetes"))) {
    return "was made by the Pulumi CLI; go on with --engine pulumi, and do not mix the two";
  }
  const place = entry.namespace === undefined ? "" : ` -n ${entry.namespace}`;
  return (
    "exists, and this stack did not make it; rename it in the stack, or hand it over with " +
    `kubectl label ${entry.kind.toLowerCase()} ${entry.name}${place} ${stackLabel}=${stack}`
  );
}

function absent({ kind, name }: InventoryEntry): string {
  return kind === "Node"
    ? `host ${name} has not joined the cluster; join it, or remove it from the inventory in the stack file`
    : "does not exist, and the stack only sets some of its fields; make it first";
}

/** Everybody who ever set a field of an object. */
export function managers(live: LiveObject): string[] {
  const entries = at(live.body, "metadata", "managedFields");
  return (isArray(entries) ? entries : []).flatMap((entry) => {
    const manager = at(entry, "manager");
    return typeof manager === "string" ? [manager] : [];
  });
}
