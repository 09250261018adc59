import { stringify } from "yaml";
import type { RecordedResource } from "../recorder.ts";
import type { BillOfMaterials } from "./bill-of-materials.ts";
import { markerPattern, type PlannedObject, phaseOf } from "./plan.ts";

/** A file of a rendering: path below its folder, and content. */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
}

/** Refused, because a secret value would reach the disk. */
export class SecretOnDiskError extends Error {
  override readonly name = "SecretOnDiskError";
}

/** A Secret that is not written down: who deploys the files makes it. */
interface WithheldSecret {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly keys: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Everything `render` writes, sorted by path. `kubectl apply --server-side -f manifests` takes the
 * files in the order of their names, which is the order of deployment.
 * @throws SecretOnDiskError naming objects other than Secrets that hold a secret value
 */
export function renderedFiles(
  objects: readonly PlannedObject[],
  bill: BillOfMaterials,
  resources: readonly RecordedResource[],
): RenderedFile[] {
  refuseSecrets(objects);
  const secrets = objects.filter(
    (object) => object.kind === "Secret" && object.apiVersion === "v1",
  );
  const manifests = objects.filter((object) => !secrets.includes(object));
  const files = [
    ...manifests.map((object) => ({ path: manifestPath(object), content: yaml(object.body) })),
    { path: "bill-of-materials.json", content: json(bill) },
    {
      path: "secrets.json",
      content: json({ secrets: secrets.map((one) => withheld(one, resources)) }),
    },
  ];
  refuseCollisions(files);
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function refuseSecrets(objects: readonly PlannedObject[]): void {
  const leaks = objects
    .filter((object) => object.kind !== "Secret")
    .filter((object) => object.secrets.length > 0 || holdsMarker(object.body))
    .map((object) => `  ${object.urn}: ${object.secrets.join(", ") || "a random value"}`);
  if (leaks.length === 0) return;
  throw new SecretOnDiskError(
    `secret values stand outside Secret objects; move each into a Secret and refer to it\n${leaks.join("\n")}`,
  );
}

function holdsMarker(body: unknown): boolean {
  return JSON.stringify(body).search(markerPattern) !== -1;
}

/** Keys alone, with where each value comes from. */
function withheld(secret: PlannedObject, resources: readonly RecordedResource[]): WithheldSecret {
  const fields = ["data", "stringData"].flatMap((field) =>
    Object.entries(record(secret.body[field])),
  );
  return {
    namespace: secret.namespace,
    name: secret.name,
    keys: fields
      .map(([key, value]) => ({ key, value: source(value, secret, resources) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

function source(
  value: unknown,
  secret: PlannedObject,
  resources: readonly RecordedResource[],
): string {
  const name = typeof value === "string" ? [...value.matchAll(markerPattern)][0]?.[1] : undefined;
  if (name !== undefined) {
    const random = resources.find(
      (resource) => resource.name === name && resource.type.startsWith("random:"),
    );
    return `random, ${JSON.stringify(random?.properties["length"] ?? 0)} characters`;
  }
  const owner = resources.find((resource) => resource.urn === secret.urn)?.parent;
  return owner?.includes("helm.sh/v4:Chart") === true ? "made by its chart" : "set by the program";
}

function manifestPath(object: PlannedObject): string {
  const phase = String(phaseOf(object.kind)).padStart(2, "0");
  const group = object.apiVersion.includes("/") ? object.apiVersion.split("/")[0] : "core";
  const parts = [phase, object.kind.toLowerCase(), group, object.namespace, object.name];
  const name = parts.filter((part) => part !== undefined).join("-");
  return `manifests/${name.replaceAll(/[^A-Za-z0-9._-]/g, "_")}.yaml`;
}

function refuseCollisions(files: readonly RenderedFile[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path))
      throw new Error(`two objects would be written to ${path}; rename one of them`);
    seen.add(path);
  }
}

/** Sorted keys and no folding: the same bytes whatever order the program built the object in. */
function yaml(body: unknown): string {
  return stringify(body, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
