import { isKind } from "../../kubernetes/api-groups.ts";
import { gpuConfigFaults } from "../../kubernetes/gpu-config.ts";
import { gpuNodeFaults } from "../../kubernetes/gpu-nodes.ts";
import { gpuPodFaults } from "../../kubernetes/gpu-pods.ts";
import { podTemplate } from "../../kubernetes/pod-templates.ts";
import { inInference } from "../../kubernetes/scope.ts";
import { get, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";

export const gpuTenancy: StackRule = {
  id: "W08",
  name: "gpu-tenancy",
  level: "stack",
  description:
    "A GPU, or a partition of one, belongs to one pod at a time: nothing shares it by time or by MPS, and models run on a pool that nothing else is placed on.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(a)(1)"] },
  remedy: "give each pod whole GPUs (nvidia.com/gpu) or MIG partitions (nvidia.com/mig-…)",
  check: (graph, settings) => {
    const claimed = claimTemplates(graph.objects);
    return [
      ...graph.resources.flatMap(gpuNodeFaults),
      ...gpuConfigFaults(graph),
      ...graph.objects.flatMap((object): readonly Violation[] => {
        const template = podTemplate(object);
        if (template === undefined || !inInference(object, settings)) return [];
        return gpuPodFaults(object, template, claimed);
      }),
    ];
  },
};

/** Templates of claims in the graph, as `namespace/name`. */
function claimTemplates(objects: readonly KubeObject[]): ReadonlySet<string> {
  const found = objects.filter((object) => isKind(object, "ResourceClaimTemplate"));
  return new Set(
    found.map((object) => {
      const name = textOf(get(rootField(object.body), "metadata", "name")) ?? "";
      return `${String(object.namespace)}/${name}`;
    }),
  );
}
