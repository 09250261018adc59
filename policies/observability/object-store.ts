import { type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { checkAddress, type Destinations, remedyOf } from "./addresses.ts";

/** Kinds of store that Thanos writes to, as its file names them. */
const storeTypes = /^(?:FILESYSTEM|S3|GCS|AZURE|SWIFT|COS|ALIYUNOSS|BOS|OCI|OBS)$/i;

/** Whether a document configures a store of Thanos. */
export function isObjectStore(document: Field): boolean {
  const [type, config] = [get(document, "type"), get(document, "config")];
  return config.value !== undefined && storeTypes.test(textOf(type) ?? "");
}

export function checkObjectStore(
  object: KubeObject,
  document: Field,
  destinations: Destinations,
): readonly Violation[] {
  const type = get(document, "type");
  if (isUnreadable(type)) return [unreadable(object, type)];
  if ((textOf(type) ?? "").toUpperCase() === "FILESYSTEM") return [];
  const endpoint = get(document, "config", "endpoint");
  if (endpoint.value !== undefined && endpoint.value !== "") {
    return checkAddress(object, endpoint, destinations);
  }
  const problem = "is a store without endpoint, so metrics go to the maker's own";
  return [violation(object, type, problem, remedyOf(destinations))];
}
