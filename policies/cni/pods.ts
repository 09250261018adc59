import { groupOf } from "../kubernetes/api-groups.ts";
import { isOperated } from "../kubernetes/image-fields.ts";
import { podTemplate } from "../kubernetes/pod-templates.ts";
import { entries, type Field, get, rootField } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { ValueObject } from "../model/value.ts";

/** Pods that an object makes, as a network policy sees them. */
export interface Pods {
  readonly object: KubeObject;
  readonly labels: Field;
}

/** `undefined` for what makes no pods, or only pods in the network of their node. */
export function policedPods(object: KubeObject): Pods | undefined {
  const template = podTemplate(object);
  if (template !== undefined) {
    if (get(template.spec, "hostNetwork").value === true) return undefined;
    return { object, labels: get(template.metadata, "labels") };
  }
  if (!isOperated(object)) return undefined;
  const spec = get(rootField(object.body), "spec");
  if (get(spec, "hostNetwork").value === true) return undefined;
  return { object, labels: operatedLabels(object, get(spec, "podMetadata", "labels")) };
}

/** Name of the program in the labels that the Prometheus operator gives. */
const programNames: Readonly<Record<string, string>> = {
  Alertmanager: "alertmanager",
  Prometheus: "prometheus",
  PrometheusAgent: "prometheus-agent",
  ThanosRuler: "thanos-ruler",
};

/** Labels that the operator puts on its pods (prometheus-operator v0.93.1), above those of the resource. */
function operatedLabels(object: KubeObject, own: Field): Field {
  const more = entries(own);
  if (more === undefined) return own;
  const program = programNames[object.kind] ?? groupOf(object);
  const name = String(object.name);
  const labels: ValueObject = {
    ...Object.fromEntries(more.map(([key, field]) => [key, field.value])),
    "app.kubernetes.io/name": program,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/managed-by": "prometheus-operator",
    [program]: name,
  };
  return { path: own.path, value: labels };
}
