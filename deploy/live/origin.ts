import { groupOf } from "../../policies/kubernetes/api-groups.ts";
import { at, isObject, type Value } from "../../policies/model/value.ts";
import { identityOf, inventoryEntries, inventoryPrefix } from "../inventory.ts";
import { notesNamespace } from "../ownership.ts";
import { storeName } from "../random/values.ts";
import { isClustersOwn } from "./clusters-own.ts";
import type { Found } from "./found.ts";
import type { Owners } from "./owners.ts";

/** Who made an object: some stack, the cluster itself, or somebody of whom nothing is known. */
export type Origin = "stack" | "cluster" | "nobody";

export interface Origins {
  of(found: Found): Origin;
  /** Inventories that cannot be understood, so that what they list looks like nobody's. */
  readonly unreadable: readonly Found[];
}

/**
 * Tells who made what. A label would not do: anybody can write one. What server-side apply made stands
 * in the inventory of its stack; what the Pulumi CLI made carries its field manager, which is the only
 * trace it leaves; and what controllers made belongs to whoever made the object they made it for.
 */
export function originsAmong(all: readonly Found[], owners: Owners): Origins {
  const inventories = all.filter(isInventory);
  const applied = new Set(
    inventories.flatMap(({ object, name }) => [
      `/ConfigMap/${notesNamespace}/${name}`,
      `/Secret/${notesNamespace}/${storeName(name.slice(inventoryPrefix.length))}`,
      ...(inventoryEntries(object.body) ?? []).filter(({ patch }) => !patch).map(identityOf),
    ]),
  );
  const partners = partnersAmong(all);
  const known = new Map<Found, Origin>();
  const of = (found: Found): Origin => {
    const before = known.get(found);
    if (before !== undefined) return before;
    // A ring of owners is nobody's.
    known.set(found, "nobody");
    const origin = own(found) ?? ofPartner(found) ?? "nobody";
    known.set(found, origin);
    return origin;
  };
  const own = (found: Found): Origin | undefined => {
    if (applied.has(identity(found)) || found.managers.some(isPulumi)) return "stack";
    return isClustersOwn(found) ? "cluster" : undefined;
  };
  const ofPartner = (found: Found): Origin | undefined => {
    const partner = owners.of(found) ?? partners(found);
    return partner === undefined ? undefined : of(partner);
  };
  return {
    of,
    unreadable: inventories.filter(({ object }) => inventoryEntries(object.body) === undefined),
  };
}

function isInventory({ object: { kind, apiVersion }, namespace, name }: Found): boolean {
  return (
    kind === "ConfigMap" &&
    apiVersion === "v1" &&
    namespace === notesNamespace &&
    name.startsWith(inventoryPrefix)
  );
}

function isPulumi(manager: string): boolean {
  return manager.startsWith("pulumi-kubernetes");
}

function identity({ object, namespace, name }: Found): string {
  return `${groupOf(object)}/${object.kind}/${namespace ?? ""}/${name}`;
}

/** Objects that controllers make for another one without naming it as their owner. */
function partnersAmong(all: readonly Found[]): (found: Found) => Found | undefined {
  const services = new Map<string, Found>();
  const claims = new Map<string, Found>();
  for (const found of all) {
    if (found.object.kind === "Service") services.set(`${found.namespace}/${found.name}`, found);
    if (found.object.kind === "PersistentVolumeClaim") claims.set(found.uid, found);
  }
  return (found) => {
    const { object, namespace, name } = found;
    if (object.kind === "Endpoints") {
      const service = services.get(`${namespace}/${name}`);
      // Those of a Service without a selector are written by hand.
      return hasSelector(service?.object.body) ? service : undefined;
    }
    if (object.kind !== "PersistentVolume" || !isProvisioned(object.body)) return undefined;
    const uid = at(object.body, "spec", "claimRef", "uid");
    return typeof uid === "string" ? claims.get(uid) : undefined;
  };
}

function hasSelector(service: Value | undefined): boolean {
  const selector = at(service, "spec", "selector");
  return isObject(selector) && Object.keys(selector).length > 0;
}

function isProvisioned(volume: Value): boolean {
  return at(volume, "metadata", "annotations", "pv.kubernetes.io/provisioned-by") !== undefined;
}
