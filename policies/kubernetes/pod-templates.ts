import { podKinds } from "../data/pod-kinds.ts";
import { elements, type Field, get, rootField } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { groupOf, isBuiltIn } from "./api-groups.ts";

/** The metadata and spec that an object gives to the pods it makes. */
export interface PodTemplate {
  readonly metadata: Field;
  readonly spec: Field;
}

export const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const;

export interface Container {
  readonly list: (typeof containerLists)[number];
  readonly field: Field;
}

const builtInKinds: Readonly<Record<string, { readonly path: readonly string[] }>> = podKinds;

/** Custom resources that hold an ordinary pod template, by `group/Kind`. */
const customTemplatePaths: Readonly<Record<string, readonly string[]>> = {
  "argoproj.io/Rollout": ["spec", "template"],
  "keda.sh/ScaledJob": ["spec", "jobTargetRef", "template"],
};

/** The pod template of a workload; `undefined` for a kind that makes no pods or has no known template. */
export function podTemplate(object: KubeObject): PodTemplate | undefined {
  const path = podTemplatePath(object);
  if (path === undefined) return undefined;
  const template = get(rootField(object.body), ...path);
  return { metadata: get(template, "metadata"), spec: get(template, "spec") };
}

export function isWorkload(object: KubeObject): boolean {
  return podTemplatePath(object) !== undefined;
}

/** Init, main and ephemeral containers; an unreadable list is one unreadable container. */
export function containersOf(template: PodTemplate): readonly Container[] {
  return containerLists.flatMap((list) =>
    elements(get(template.spec, list)).map((field) => ({ list, field })),
  );
}

/** Path of the pod template inside the object; empty for a Pod, which is its own template. */
export function podTemplatePath(object: KubeObject): readonly string[] | undefined {
  return isBuiltIn(object)
    ? own(builtInKinds, object.kind)?.path
    : own(customTemplatePaths, `${groupOf(object)}/${object.kind}`);
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
