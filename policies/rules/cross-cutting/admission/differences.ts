import { entries, type Field, get, isEmpty, isUnreadable } from "../../../model/field.ts";
import type { KubeObject } from "../../../model/kube-object.ts";
import type { Violation } from "../../../model/rule.ts";
import { isArray } from "../../../model/value.ts";
import { unreadable, violation } from "../../../model/violation.ts";

/**
 * Where a field differs from what it has to be. What is empty and not asked for is no difference: the
 * API server fills in such fields, and the engine reports them.
 */
export function differences(
  object: KubeObject,
  field: Field,
  wanted: unknown,
): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(object, field)];
  if (isList(wanted)) return listDifferences(object, field, wanted);
  if (!isRecord(wanted)) return field.value === wanted ? [] : [different(object, field)];
  const parts = entries(field);
  if (parts === undefined || (field.value === undefined && Object.keys(wanted).length > 0)) {
    return [different(object, field)];
  }
  return [
    ...Object.entries(wanted).flatMap(([name, value]) =>
      differences(object, get(field, name), value),
    ),
    ...parts
      .filter(([name, part]) => !Object.hasOwn(wanted, name) && !isEmpty(part))
      .map(([, part]) => (isUnreadable(part) ? unreadable(object, part) : added(object, part))),
  ];
}

function listDifferences(
  object: KubeObject,
  field: Field,
  wanted: readonly unknown[],
): readonly Violation[] {
  if (!isArray(field.value) || field.value.length !== wanted.length) {
    return [different(object, field)];
  }
  const list = field.value;
  return wanted.flatMap((value, index) =>
    differences(object, { path: `${field.path}[${index}]`, value: list[index] }, value),
  );
}

function different(object: KubeObject, field: Field): Violation {
  const problem =
    "is not what the rules generate, so the API server might let pass what they refuse";
  return violation(object, field, problem);
}

function added(object: KubeObject, field: Field): Violation {
  const problem = "is not part of what the rules generate, and might make an exception";
  return violation(object, field, problem, "remove it");
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
