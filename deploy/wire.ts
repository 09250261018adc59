import type { PlannedObject } from "../offline/render/plan.ts";
import { stackLabel } from "./ownership.ts";
import { isSecret, secretEntries, substitute } from "./random/markers.ts";

/**
 * An object as it is sent: to the object itself, and to its status where the stack plays the kubelet.
 * The API server takes a node's status with its creation, and later through the status alone. Both
 * are needed: a simulated kubelet makes up a capacity within milliseconds where it finds none.
 */
export interface WireObject {
  readonly main: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A planned object with its random values, its mark of ownership and nothing that the server would
 * take differently the second time.
 */
export function wireObject(
  object: PlannedObject,
  stack: string,
  namespaced: boolean,
  valueOf: (name: string) => string,
): WireObject {
  const { apiVersion, kind, name } = object;
  const { metadata, ...rest } = content(object, valueOf);
  const { status } = rest;
  const given = fields(metadata);
  const { namespace: _, labels, ...others } = given;
  const place = namespaced ? { namespace: object.namespace ?? "default" } : {};
  // What is only patched belongs to somebody else, and is never deleted with the stack.
  const marked = object.patch ? labels : { ...fields(labels), [stackLabel]: stack };
  return {
    main: {
      ...rest,
      metadata: { ...others, name, ...place, ...(marked === undefined ? {} : { labels: marked }) },
    },
    status:
      kind === "Node" && status !== undefined && !object.patch
        ? { apiVersion, kind, metadata: { name }, status }
        : undefined,
  };
}

/** `stringData` can be written and never read, so that its removal would go unnoticed; `data` cannot. */
function content(
  object: PlannedObject,
  valueOf: (name: string) => string,
): Record<string, unknown> {
  const body = substitute(object.body, isSecret(object), valueOf);
  if (!isSecret(object)) return body;
  const { stringData: _, data: __, ...rest } = body;
  const entries = secretEntries({ ...object, body });
  return entries.length === 0 ? rest : { ...rest, data: Object.fromEntries(entries) };
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
