import { type Field, whyUnreadable } from "./field.ts";
import type { Resource } from "./resource.ts";
import type { Violation } from "./rule.ts";

/** What a violation is about: a Kubernetes object, or any other resource. */
export interface Subject {
  readonly resource: Resource;
}

/** A violation at a field of an object. `problem` continues the sentence that the path begins. */
export function violation(
  subject: Subject,
  field: Field,
  problem: string,
  remedy?: string,
): Violation {
  const fact = { resource: subject.resource, path: field.path, problem };
  return remedy === undefined ? fact : { ...fact, remedy };
}

/** The violation that every rule reports for what it needs and cannot read. */
export function unreadable(subject: Subject, field: Field): Violation {
  const api = subject.resource.type.startsWith("kubernetes:")
    ? "the Kubernetes API"
    : "its provider";
  const remedy =
    field.malformed === undefined
      ? "write the value into the stack's configuration, so that it is known before anything is created"
      : `write the field in the shape that ${api} asks for`;
  return violation(subject, field, whyUnreadable(field), remedy);
}
