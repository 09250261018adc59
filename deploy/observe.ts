import type { PlannedObject } from "../offline/render/plan.ts";
import { at, isArray } from "../policies/model/value.ts";
import type { KubeClient } from "./api/client.ts";
import { asValue, Kinds, objectPath } from "./api/kinds.ts";
import { readObject } from "./api/objects.ts";
import { type InventoryEntry, named } from "./inventory.ts";
import { markerUse } from "./random/markers.ts";
import type { SummaryRow } from "./summary.ts";
import { readiness } from "./wait/readiness.ts";

/** The objects of a plan as they are on a cluster now, whoever applied them. */
export async function observe(
  client: KubeClient,
  planned: readonly PlannedObject[],
): Promise<SummaryRow[]> {
  const kinds = new Kinds(client);
  const rows: SummaryRow[] = [];
  for (const { apiVersion, kind, name, patch, keep, ...object } of planned) {
    const served = await kinds.find(apiVersion, kind);
    const namespace = served?.namespaced === false ? undefined : object.namespace;
    const entry: InventoryEntry = { apiVersion, kind, namespace, name, patch, keep };
    const live =
      served === undefined
        ? undefined
        : await readObject(client, objectPath(served, entry), named(entry));
    rows.push({
      entry,
      readiness:
        live === undefined
          ? { state: "waiting", text: "does not exist" }
          : readiness(kind, live.body),
    });
  }
  return rows;
}

/** Addresses that the Services of a plan have inside the cluster. */
export function endpoints(planned: readonly PlannedObject[]): string[] {
  return planned
    .filter(({ kind, apiVersion }) => kind === "Service" && apiVersion === "v1")
    .flatMap(({ name, namespace, body }) => {
      const ports = at(asValue(body), "spec", "ports");
      return (isArray(ports) ? ports : []).flatMap((entry) => {
        const port = at(entry, "port");
        const label = at(entry, "name");
        if (typeof port !== "number") return [];
        return [
          `${name}.${namespace ?? "default"}.svc:${port}${typeof label === "string" ? ` (${label})` : ""}`,
        ];
      });
    });
}

/** Secrets that hold generated values, without the values. */
export function generatedSecrets(planned: readonly PlannedObject[]): string[] {
  return [...markerUse(planned).homes.values()]
    .flat()
    .map(({ namespace, secret, key }) => `Secret ${namespace}/${secret} (key ${key})`);
}
