import { at, isObject, type Value, type ValueObject } from "../../policies/model/value.ts";
import { fieldManager } from "../ownership.ts";
import type { KubeClient } from "./client.ts";
import { failure } from "./failure.ts";

/** An object as the API server holds it. */
export interface LiveObject {
  readonly body: ValueObject;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  /** On its way out; it can no longer be applied to. */
  readonly deleting: boolean;
}

/** @returns `undefined` where there is no such object */
export async function readObject(
  client: KubeClient,
  path: string,
  named: string,
): Promise<LiveObject | undefined> {
  const { status, body } = await client.send("GET", path);
  if (status === 404) return undefined;
  if (status !== 200) throw failure(`${named} cannot be read`, status, body);
  return liveObject(body);
}

export interface ApplyOptions {
  /** Take fields away from other managers. */
  readonly force: boolean;
  /** Ask the server what would happen, and change nothing. */
  readonly dryRun?: boolean;
}

/** Server-side apply; the answer is the server's, whatever it is. */
export function applyObject(
  client: KubeClient,
  path: string,
  body: unknown,
  options: ApplyOptions,
) {
  return client.send("PATCH", path, {
    body,
    contentType: "application/apply-patch+yaml",
    query: {
      fieldManager,
      force: String(options.force),
      fieldValidation: "Strict",
      ...(options.dryRun === true ? { dryRun: "All" } : {}),
    },
  });
}

/** Kinds that own pods, directly or through another object. */
const podOwners: ReadonlySet<Value | undefined> = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
  "CronJob",
]);

/**
 * Deletes exactly the object that was looked at, not one that took its name since. One that owns
 * pods stays visible until the last of them has ended.
 */
export async function deleteObject(
  client: KubeClient,
  path: string,
  named: string,
  live: LiveObject,
): Promise<void> {
  const propagationPolicy = podOwners.has(live.body["kind"]) ? "Foreground" : "Background";
  const { status, body } = await client.send("DELETE", path, {
    body: {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy,
      preconditions: { uid: live.uid },
    },
  });
  if (status >= 300 && status !== 404) throw failure(`${named} cannot be deleted`, status, body);
}

export function liveObject(body: Value): LiveObject {
  const metadata = at(body, "metadata");
  const labels = at(metadata, "labels");
  return {
    body: isObject(body) ? body : {},
    uid: text(at(metadata, "uid")),
    resourceVersion: text(at(metadata, "resourceVersion")),
    labels: isObject(labels)
      ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, text(value)]))
      : {},
    deleting: at(metadata, "deletionTimestamp") !== undefined,
  };
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
