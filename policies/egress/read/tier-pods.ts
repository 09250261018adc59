import { type Field, get, isUnreadable } from "../../model/field.ts";
import { readSelector, type Selector, selectAll } from "./labels.ts";
import type { Faults } from "./shape.ts";

const podFields = new Set(["namespaceSelector", "podSelector"]);

/** Pods by their namespaces, or by namespaces and labels; a fault where neither or both are named. */
export function readPods(
  field: Field,
  faults: Faults,
): { readonly namespaces: Selector; readonly pods: Selector } | undefined {
  if (isUnreadable(field)) return undefined;
  const [namespaces, pods] = [get(field, "namespaces"), get(field, "pods")];
  if ((namespaces.value === undefined) === (pods.value === undefined)) {
    faults.add(field, "must name either namespaces or pods");
    return undefined;
  }
  if (namespaces.value !== undefined) {
    return { namespaces: readSelector(namespaces, faults), pods: selectAll };
  }
  faults.object(pods, podFields);
  return {
    namespaces: readSelector(get(pods, "namespaceSelector"), faults),
    pods: readSelector(get(pods, "podSelector"), faults),
  };
}
