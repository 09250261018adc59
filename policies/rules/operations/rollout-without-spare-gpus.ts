import { groupOf, isKind } from "../../kubernetes/api-groups.ts";
import { requestsGpu } from "../../kubernetes/devices.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { inInference } from "../../kubernetes/scope.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const rolloutWithoutSpareGpus: ResourceRule = {
  id: "O03",
  name: "rollout-without-spare-gpus",
  level: "resource",
  description:
    "A change of a model rolls out without GPUs that nobody has: the old pod goes before the new one comes, unless the stack says that the pool has room.",
  severity: "medium",
  enforcement: "mandatory",
  mapping: {},
  remedy:
    "set maxSurge: 0 and maxUnavailable: 1, or strategy Recreate; policies.spareGpus: true says that the pool has room for one more replica",
  check: (object, settings) => {
    const template = podTemplate(object);
    if (template === undefined || !inInference(object, settings)) return [];
    if (!containersOf(template).some(({ field }) => requestsGpu(field))) return [];
    const spec = get(rootField(object.body), "spec");
    if (isKind(object, "Deployment")) return checkDeployment(object, spec, settings);
    if (isKind(object, "DaemonSet")) {
      const rolling = get(spec, "updateStrategy", "rollingUpdate");
      return checkNumbers(object, rolling, { surge: 0, unavailable: 1 }, settings);
    }
    return groupOf(object) === "argoproj.io" ? checkRollout(object, spec, settings) : [];
  },
};

/** What Kubernetes takes for a number that is not stated. */
interface Defaults {
  readonly surge: number | string;
  readonly unavailable: number | string;
}

const quarter: Defaults = { surge: "25%", unavailable: "25%" };

function checkDeployment(
  object: KubeObject,
  spec: Field,
  settings: Settings,
): readonly Violation[] {
  const type = get(spec, "strategy", "type");
  if (isUnreadable(type)) return [unreadable(object, type)];
  if (type.value === "Recreate") return [];
  return checkNumbers(object, get(spec, "strategy", "rollingUpdate"), quarter, settings);
}

function checkRollout(object: KubeObject, spec: Field, settings: Settings): readonly Violation[] {
  const blueGreen = get(spec, "strategy", "blueGreen");
  if (blueGreen.value === undefined) {
    return checkNumbers(object, get(spec, "strategy", "canary"), quarter, settings);
  }
  if (settings.policies.spareGpus) return [];
  return [
    violation(object, blueGreen, "runs old and new replicas at once, which takes GPUs twice"),
  ];
}

function checkNumbers(
  object: KubeObject,
  rolling: Field,
  defaults: Defaults,
  settings: Settings,
): readonly Violation[] {
  const [surge, unavailable] = [get(rolling, "maxSurge"), get(rolling, "maxUnavailable")];
  const hidden = [rolling, surge, unavailable].filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(object, field));
  const grows = share(surge.value ?? defaults.surge);
  const shrinks = share(unavailable.value ?? defaults.unavailable);
  if (grows > 0 && !settings.policies.spareGpus) {
    const shown = textOf(surge) ?? String(grows);
    const what =
      surge.value === undefined ? `is absent, so it is ${defaults.surge}` : `is ${shown}`;
    return [violation(object, surge, `${what}: the new pod waits for GPUs that the old one holds`)];
  }
  if (grows > 0 || shrinks > 0) return [];
  return [violation(object, unavailable, "is 0 beside maxSurge 0, so nothing can ever roll out")];
}

/** A number or a percentage above 0 moves at least one pod; what is neither counts as one that does. */
function share(value: unknown): number {
  return typeof value === "number" ? value : /^0+%?$/.test(String(value)) ? 0 : 1;
}
