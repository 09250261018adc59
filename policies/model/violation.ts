import { type Field, whyUnreadable } from "./field.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Violation } from "./rule.ts";

/** A violation at a field of an object. `problem` continues the sentence that the path begins. */
export function violation(
  object: KubeObject,
  field: Field,
  problem: string,
  remedy?: string,
): Violation {
  const fact = { resource: object.resource, path: field.path, problem };
  return remedy === undefined ? fact : { ...fact, remedy };
}

/** The violation that every rule reports for what it needs and cannot read. */
export function unreadable(object: KubeObject, field: Field): Violation {
  const remedy =
    field.malformed === undefined
      ? "write the value into the stack's configuration, so that it is known before anything is created"
      : "write the field in the shape that the Kubernetes API asks for";
  return violation(object, field, whyUnreadable(field), remedy);
}
