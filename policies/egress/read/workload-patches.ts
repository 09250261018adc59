import { isBuiltIn } from "../../kubernetes/api-groups.ts";
import { podTemplate } from "../../kubernetes/pod-templates.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Fault } from "./shape.ts";
import { opaqueWorkload, type Workload } from "./workloads.ts";

const reason = "changes a workload in a way that nobody sees together with it";

/**
 * The workloads with what patches may make of them: a patch can give pods other labels and the network
 * of their node. One whose target is not in the graph stands for it.
 */
export function withPatches(
  workloads: readonly Workload[],
  objects: readonly KubeObject[],
): readonly Workload[] {
  const patches = objects.filter(isWorkloadPatch).map((patch) => opaqueWorkload(patch, reason));
  if (patches.length === 0) return workloads;
  const byTarget = new Map(patches.map((patch) => [targetOf(patch), patch]));
  const known = new Set(workloads.map(({ key }) => key));
  const changed = workloads.map((workload) => {
    const patch = byTarget.get(workload.key);
    if (patch === undefined) return workload;
    const { title, faults } = workload;
    return { ...opaqueWorkload(workload.object, `is changed by ${patch.title}`), title, faults };
  });
  return [...changed, ...patches.filter((patch) => !known.has(targetOf(patch)))];
}

/** Faults of patches, under the patch's own name. */
export function patchFaults(
  objects: readonly KubeObject[],
): readonly (Fault & { object: KubeObject })[] {
  return objects.filter(isWorkloadPatch).map((object) => ({ object, path: "kind", reason }));
}

/** Key of the workload that a patch changes. */
function targetOf({ key, object }: Workload): string {
  return key.replace(`/${object.kind}/`, `/${object.kind.replace(/Patch$/, "")}/`);
}

function isWorkloadPatch(object: KubeObject): boolean {
  if (!object.kind.endsWith("Patch") || !isBuiltIn(object)) return false;
  return podTemplate({ ...object, kind: object.kind.replace(/Patch$/, "") }) !== undefined;
}
