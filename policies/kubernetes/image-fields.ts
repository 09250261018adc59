import { elements, type Field, get, rootField } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { groupOf } from "./api-groups.ts";
import { containersOf, podTemplate } from "./pod-templates.ts";

/** An image that some pod will run or mount. */
export interface ImageField {
  readonly field: Field;
  /** Whether an absent image still means a pod: an operator then picks one that no rule sees. */
  readonly required: boolean;
}

/** Operators' custom resources that carry images and containers, by `group/Kind`. */
const operated: ReadonlySet<string> = new Set([
  "monitoring.coreos.com/Alertmanager",
  "monitoring.coreos.com/Prometheus",
  "monitoring.coreos.com/PrometheusAgent",
  "monitoring.coreos.com/ThanosRuler",
]);

/** Every image field of an object, readable or not. */
export function imageFields(object: KubeObject): readonly ImageField[] {
  const template = podTemplate(object);
  if (template !== undefined) {
    return [
      ...containersOf(template).map(({ field }) => imageOf(field)),
      ...elements(get(template.spec, "volumes")).map((volume) => ({
        field: get(volume, "image", "reference"),
        required: false,
      })),
    ];
  }
  if (!isOperated(object)) return [];
  const spec = get(rootField(object.body), "spec");
  return [
    imageOf(spec),
    ...thanosImage(spec),
    // A container that only patches the operator's own one carries no image.
    ...[...elements(get(spec, "containers")), ...elements(get(spec, "initContainers"))].map(
      (container) => ({ field: get(container, "image"), required: false }),
    ),
  ];
}

export function isOperated(object: KubeObject): boolean {
  return operated.has(`${groupOf(object)}/${object.kind}`);
}

function imageOf(container: Field): ImageField {
  return { field: get(container, "image"), required: true };
}

function thanosImage(spec: Field): readonly ImageField[] {
  const thanos = get(spec, "thanos");
  return thanos.value === undefined ? [] : [imageOf(thanos)];
}
