import { type Found, foundObject } from "../../../deploy/live/found.ts";
import type { ValueObject } from "../../../policies/model/value.ts";

/** An object as a cluster would hold it; `more` goes into its metadata. */
export function found(
  apiVersion: string,
  kind: string,
  place: string,
  body: ValueObject = {},
  more: ValueObject = {},
): Found {
  const [first = "", second] = place.split("/");
  const metadata = {
    ...(second === undefined ? { name: first } : { namespace: first, name: second }),
    uid: `${kind} ${place}`,
    ...more,
  };
  const object = foundObject({ ...body, metadata }, apiVersion, kind);
  if (object === undefined) throw new Error(`${apiVersion} ${kind} is no object`);
  return object;
}

/** A reference to the owner of an object. */
export function owned(by: Found, controller = true): ValueObject {
  const { kind } = by.object;
  return { ownerReferences: [{ kind, name: by.name, uid: by.uid, controller }] };
}

/** A record of who set fields of an object. */
export function managed(...managers: readonly string[]): ValueObject {
  return { managedFields: managers.map((manager) => ({ manager })) };
}
