import { isBuiltIn, isKind } from "../../kubernetes/api-groups.ts";
import {
  type RelevantPart,
  relevantParts,
  steeringAnnotations,
  steeringVariables,
} from "../../kubernetes/relevant-paths.ts";
import { inInference } from "../../kubernetes/scope.ts";
import { elements, entries, type Field, get, isUnreadable, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { isArray, type Value } from "../../model/value.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const noUnknownValues: StackRule = {
  id: "C01",
  name: "no-unknown-values",
  level: "stack",
  description:
    "Every value that decides what may leave is known and readable before anything is created.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy:
    "write the value into the stack's configuration instead of taking it from another resource's output or a secret",
  check: (graph, settings) =>
    graph.objects.flatMap((object) => [
      ...checkIdentity(object),
      ...checkList(object),
      ...relevantParts(object, settings).flatMap((part) => checkPart(object, part, settings)),
    ]),
};

function checkIdentity(object: KubeObject): readonly Violation[] {
  const metadata = get(rootField(object.body), "metadata");
  if (isUnreadable(metadata)) return [unreadable(object, metadata)];
  const name = get(metadata, "name");
  const hidden = [name, get(metadata, "namespace")].filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(object, field));
  if (!isKind(object, "Namespace") || name.value !== undefined) return [];
  const problem = "is absent, so the namespace gets a name that no setting can know";
  return [violation(object, name, problem, "give the namespace a fixed metadata.name")];
}

/** Lists are taken apart before rules run; one that is still here holds something unreadable. */
function checkList(object: KubeObject): readonly Violation[] {
  if (!object.kind.endsWith("List") || !isBuiltIn(object)) return [];
  const items = get(rootField(object.body), "items");
  if (!isArray(items.value)) {
    const field: Field = isUnreadable(items)
      ? items
      : { ...items, malformed: "is no list of objects" };
    return [unreadable(object, field)];
  }
  return elements(items)
    .filter((item) => isUnreadable(item) || typeof get(item, "kind").value !== "string")
    .map((item) =>
      unreadable(object, {
        ...item,
        malformed: item.malformed ?? "is no object with apiVersion and kind",
      }),
    );
}

function checkPart(
  object: KubeObject,
  part: RelevantPart,
  settings: Settings,
): readonly Violation[] {
  const all = inInference(object, settings);
  const found: Violation[] = [];
  follow(rootField(object.body), part.path, (field, steps) => {
    walk(field, steps, part.except ?? [], (place) => {
      if (isHarmless(object, place, all)) return;
      found.push(unreadable(object, place));
    });
  });
  return found;
}

/** Goes down the path; an unreadable place on the way stands for everything below it. */
function follow(
  field: Field,
  path: readonly string[],
  visit: (field: Field, steps: readonly string[]) => void,
  steps: readonly string[] = [],
): void {
  const [step, ...rest] = path;
  if (step === undefined || isUnreadable(field)) return visit(field, steps);
  const next = step === "*" ? elements(field) : [get(field, step)];
  for (const child of next) follow(child, rest, visit, [...steps, step]);
}

/** Visits every unreadable value at or below the field, except below the excepted paths. */
function walk(
  field: Field,
  steps: readonly string[],
  except: readonly (readonly string[])[],
  visit: (field: Field) => void,
): void {
  if (except.some((path) => path.length === steps.length && matches(path, steps))) return;
  if (isUnreadable(field)) return visit(field);
  if (!isContainer(field.value)) return;
  const below = isArray(field.value)
    ? elements(field).map((child) => ["*", child] as const)
    : (entries(field) ?? []);
  for (const [step, child] of below) walk(child, [...steps, step], except, visit);
}

function isContainer(value: Value | undefined): boolean {
  return typeof value === "object" && value !== null;
}

function matches(path: readonly string[], steps: readonly string[]): boolean {
  return path.every((step, index) => step === "*" || step === steps[index]);
}

/**
 * An unknown environment value outside the inference namespaces steers nothing unless its variable
 * does; the same goes for an annotation, which is often a checksum of something not known yet.
 */
function isHarmless(object: KubeObject, place: Field, inference: boolean): boolean {
  const variable = /^(.*\.env\[\d+\])\.value$/.exec(place.path)?.[1];
  if (variable !== undefined) {
    if (inference) return false;
    const name = get(fieldAt(object, variable), "name").value;
    return typeof name === "string" && !steeringVariables.test(name);
  }
  const annotation = /\.annotations(?:\.([\w$-]+)|\["(.+)"\])$/.exec(`.${place.path}`);
  const key = annotation?.[1] ?? annotation?.[2];
  return key !== undefined && !steeringAnnotations.test(key);
}

/** Reads a path of plain names and indexes again. */
function fieldAt(object: KubeObject, path: string): Field {
  return path
    .split(/\.|(?=\[\d+\])/)
    .reduce(
      (field, step) =>
        step.startsWith("[")
          ? (elements(field)[Number(step.slice(1, -1))] ?? { path, value: undefined })
          : get(field, step),
      rootField(object.body),
    );
}
