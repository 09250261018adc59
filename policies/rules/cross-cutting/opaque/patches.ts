import { isBuiltIn } from "../../../kubernetes/api-groups.ts";
import { entries, get, rootField } from "../../../model/field.ts";
import type { KubeObject } from "../../../model/kube-object.ts";
import type { Violation } from "../../../model/rule.ts";
import { unreadable, violation } from "../../../model/violation.ts";

/** Fields of a NodePatch that only steer scheduling, and what the API server itself fills in. */
const nodePatchFields = {
  metadata: new Set([
    "annotations",
    "creationTimestamp",
    "generation",
    "labels",
    "managedFields",
    "name",
    "resourceVersion",
    "uid",
  ]),
  spec: new Set(["podCIDR", "podCIDRs", "providerID", "taints"]),
};

/**
 * A patch changes an object that somebody else made, so the graph holds a part of it only. Patches of
 * custom resources count as well: a policy of a network plugin can be patched like any other object.
 */
export function checkPatch(object: KubeObject): readonly Violation[] {
  if (!object.kind.endsWith("Patch")) return [];
  const root = rootField(object.body);
  if (object.kind !== "NodePatch" || !isBuiltIn(object)) {
    const problem = `changes a ${object.kind.replace(/Patch$/, "")} that is not in the graph`;
    return [violation(object, root, problem, "declare the whole object instead of a patch")];
  }
  return Object.entries(nodePatchFields).flatMap(([section, allowed]) => {
    const fields = entries(get(root, section));
    if (fields === undefined) return [unreadable(object, get(root, section))];
    return fields
      .filter(([name, field]) => field.value !== undefined && !allowed.has(name))
      .map(([, field]) =>
        violation(
          object,
          field,
          "changes more of a node than labels, annotations and taints",
          "keep the patch to metadata.labels, metadata.annotations and spec.taints",
        ),
      );
  });
}
