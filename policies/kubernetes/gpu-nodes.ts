import { gpuPoolSelector, gpuTaint, poolLabel } from "../../components/lib/gpu-pool.ts";
import { elements, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import { kubeObject } from "../model/kube-object.ts";
import type { Resource } from "../model/resource.ts";
import type { Violation } from "../model/rule.ts";
import { isKind } from "./api-groups.ts";

const remedy = `give the pool the taint ${gpuTaint.key}:${gpuTaint.effect}`;

/** GPU nodes, and groups of them, that anything may be placed on. */
export function gpuNodeFaults(resource: Resource): readonly Violation[] {
  const root = rootField(resource.properties);
  if (resource.type === "aws:eks/nodeGroup:NodeGroup") {
    const gpu =
      isGpuPool(get(root, "labels")) || /NVIDIA|GPU/.test(textOf(get(root, "amiType")) ?? "");
    return gpu ? checkTaints(resource, get(root, "taints"), ["NO_SCHEDULE", "NO_EXECUTE"]) : [];
  }
  const object = kubeObject(resource);
  if (object === undefined || !(isKind(object, "Node") || isKind(object, "NodePatch"))) return [];
  if (!isGpuPool(get(root, "metadata", "labels"))) return [];
  return checkTaints(resource, get(root, "spec", "taints"), ["NoSchedule", "NoExecute"]);
}

/** What this product sets on its GPU nodes, or GPU feature discovery on any. */
function isGpuPool(labels: Field): boolean {
  const pool = get(labels, poolLabel);
  const present = get(labels, "nvidia.com/gpu.present").value;
  return isUnreadable(pool) || pool.value === gpuPoolSelector[poolLabel] || present === "true";
}

function checkTaints(
  resource: Resource,
  taints: Field,
  effects: readonly string[],
): readonly Violation[] {
  const kept = elements(taints).some(
    (taint) =>
      get(taint, "key").value === gpuTaint.key &&
      effects.some((effect) => effect === get(taint, "effect").value),
  );
  if (kept) return [];
  const problem = `does not hold the taint "${gpuTaint.key}", so anything may be placed beside a model`;
  return [{ resource, path: taints.path, problem, remedy }];
}
