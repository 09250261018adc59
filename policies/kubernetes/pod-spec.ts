import { type Field, get, rootField } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { isOperated } from "./image-fields.ts";
import { podTemplate } from "./pod-templates.ts";

/**
 * The pod spec that an object leads to. Custom resources of the Prometheus operator count: it copies
 * their fields of the same names (network, volumes, containers, DNS) into the pods that it makes.
 */
export function podSpecOf(object: KubeObject): Field | undefined {
  const template = podTemplate(object);
  if (template !== undefined) return template.spec;
  return isOperated(object) ? get(rootField(object.body), "spec") : undefined;
}
