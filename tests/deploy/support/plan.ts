import type { InventoryEntry } from "../../../deploy/inventory.ts";
import type { PlannedObject } from "../../../offline/render/plan.ts";

/** A planned object with the fields that a test does not care about filled in. */
export function planned(
  kind: string,
  name: string,
  body: Readonly<Record<string, unknown>> = {},
  more: Partial<PlannedObject> = {},
): PlannedObject {
  const apiVersion = more.apiVersion ?? "v1";
  const namespace = "namespace" in more ? more.namespace : "default";
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return {
    kind,
    name,
    urn: `urn:pulumi:test::test::${kind}::${name}`,
    secrets: [],
    keep: false,
    patch: false,
    ...more,
    apiVersion,
    namespace,
    body: { apiVersion, kind, metadata, ...body },
  };
}

export function entry(
  kind: string,
  name: string,
  more: Partial<InventoryEntry> = {},
): InventoryEntry {
  return { apiVersion: "v1", kind, namespace: "default", name, patch: false, keep: false, ...more };
}
