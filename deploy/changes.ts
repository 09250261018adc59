import { isDeepStrictEqual } from "node:util";
import { at, isArray, isObject, type Value } from "../policies/model/value.ts";
import type { LiveObject } from "./api/objects.ts";
import { fieldManager } from "./ownership.ts";

/**
 * Whether an apply changed the content of an object. The resource version alone would not do:
 * controllers and kubelets write to the same objects between two looks, and the server also counts
 * it as a write when this tool gets back a field that a controller had set to something else for a
 * moment. So what counts is what the applied fields hold, and whether fields were given up.
 */
export function changed(before: LiveObject, after: LiveObject, applied: Value): boolean {
  if (before.resourceVersion === after.resourceVersion) return false;
  const kept = owned(after);
  return (
    [...owned(before)].some((path) => !kept.has(path)) ||
    !isDeepStrictEqual(projected(before.body, applied), projected(after.body, applied))
  );
}

/** Paths of the fields that this tool owns. */
function owned(object: LiveObject): ReadonlySet<string> {
  const entries = at(object.body, "metadata", "managedFields");
  return new Set(
    (isArray(entries) ? entries : [])
      .filter((entry) => at(entry, "manager") === fieldManager)
      .flatMap((entry) => {
        const subresource = at(entry, "subresource");
        return leaves(at(entry, "fieldsV1"), typeof subresource === "string" ? subresource : "");
      }),
  );
}

function leaves(fields: Value | undefined, path: string): string[] {
  if (!isObject(fields) || Object.keys(fields).length === 0) return [path];
  return Object.entries(fields).flatMap(([key, value]) => leaves(value, `${path} ${key}`));
}

/** The part of an object that lies under the paths of another; lists count as a whole. */
function projected(object: Value | undefined, onto: Value | undefined): Value | undefined {
  if (!isObject(object) || !isObject(onto)) return object;
  const part: Record<string, Value | undefined> = {};
  for (const key of Object.keys(onto)) part[key] = projected(object[key], onto[key]);
  return part;
}
