import { groupOf, isBuiltIn } from "../../../kubernetes/api-groups.ts";
import {
  isInert,
  isPluginPolicy,
  isPodMaker,
  isTierPolicy,
} from "../../../kubernetes/custom-kinds.ts";
import { isOperated } from "../../../kubernetes/image-fields.ts";
import { inInference } from "../../../kubernetes/scope.ts";
import { elements, type Field, get, rootField, textOf } from "../../../model/field.ts";
import type { KubeObject } from "../../../model/kube-object.ts";
import type { Violation } from "../../../model/rule.ts";
import type { Settings } from "../../../model/settings.ts";
import { violation } from "../../../model/violation.ts";

/** Objects whose meaning only some controller knows. */
export function checkCustomResource(object: KubeObject, settings: Settings): readonly Violation[] {
  if (isBuiltIn(object)) return [];
  const group = groupOf(object);
  const kind: Field = { path: "kind", value: object.kind };
  const named = `"${group}/${object.kind}"`;
  if (isPodMaker(group, object.kind)) {
    const problem = `${named} makes pods or objects from a source that no rule can read`;
    return [
      violation(
        object,
        kind,
        problem,
        "declare the objects themselves, such as a Deployment, a StatefulSet or a Job",
      ),
    ];
  }
  if (isPluginPolicy(group, object.kind)) {
    const problem = `${named} can allow what a NetworkPolicy denies`;
    return [violation(object, kind, problem, "use a networking.k8s.io NetworkPolicy")];
  }
  if (isTierPolicy(group, object.kind)) return checkTier(object, named);
  if (isInert(group, object.kind) || !inInference(object, settings)) return [];
  const what = isOperated(object) ? "makes pods of an operator" : "is a kind that no rule knows";
  return [
    violation(object, kind, `${named} ${what}, inside an inference namespace`, "move it out"),
  ];
}

/** A tier above can only close further: whatever it accepts or passes on, no default deny could take back. */
function checkTier(policy: KubeObject, named: string): readonly Violation[] {
  const spec = get(rootField(policy.body), "spec");
  return ["ingress", "egress"]
    .flatMap((direction) => elements(get(spec, direction)))
    .map((rule) => get(rule, "action"))
    .filter((action) => textOf(action) !== "Deny")
    .map((action) =>
      violation(
        policy,
        action,
        `${named} allows what a default deny forbids`,
        "use action Deny alone",
      ),
    );
}
