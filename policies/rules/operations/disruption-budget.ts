import { isKind } from "../../kubernetes/api-groups.ts";
import { labelsOf, selects } from "../../kubernetes/label-match.ts";
import { podTemplate } from "../../kubernetes/pod-templates.ts";
import {
  type ScaledWorkloads,
  scaledTo,
  scaledWorkloads,
} from "../../kubernetes/scaled-workloads.ts";
import { servedEngines } from "../../kubernetes/served-engines.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const disruptionBudget: StackRule = {
  id: "O06",
  name: "disruption-budget",
  level: "stack",
  description:
    "Every model with more than one replica keeps most of them while nodes are drained, by a PodDisruptionBudget.",
  severity: "low",
  enforcement: "advisory",
  mapping: {},
  remedy: "add a PodDisruptionBudget with maxUnavailable: 1 that selects the pods of the model",
  check: (graph, settings) => {
    const budgets = Map.groupBy(
      graph.objects.filter((object) => isKind(object, "PodDisruptionBudget")),
      ({ namespace }) => namespace,
    );
    const scaled = scaledWorkloads(graph);
    return graph.objects.flatMap((object) =>
      needsBudget(object, scaled, settings)
        ? checkWorkload(object, budgets.get(object.namespace) ?? [])
        : [],
    );
  },
};

/** Kinds whose replicas are one model; a replica count that is not written may be any. */
const replicated = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"];

function needsBudget(object: KubeObject, scaled: ScaledWorkloads, settings: Settings): boolean {
  if (!replicated.includes(object.kind) || servedEngines(object, settings).length === 0)
    return false;
  const replicas = get(rootField(object.body), "spec", "replicas").value;
  // What an autoscaler may want counts, whatever is written beside it.
  const most = scaledTo(object, scaled);
  if (most !== undefined && !(typeof most.value === "number" && most.value < 2)) return true;
  return typeof replicas === "number" ? replicas >= 2 : replicas !== undefined;
}

function checkWorkload(object: KubeObject, budgets: readonly KubeObject[]): readonly Violation[] {
  const labels = podTemplate(object)?.metadata;
  const field = get(labels ?? rootField(object.body), "labels");
  if (labelsOf(field) === undefined) return [unreadable(object, field)];
  const replicas = get(rootField(object.body), "spec", "replicas");
  const holds = budgets.some((budget) => {
    const spec = get(rootField(budget.body), "spec");
    return isBudget(spec) && selects(get(spec, "selector"), field);
  });
  if (holds) return [];
  const problem = "asks for several replicas, and no PodDisruptionBudget keeps any of them";
  return [violation(object, replicas, problem)];
}

/** Whether a budget keeps anything at all. */
function isBudget(spec: Field): boolean {
  const [most, least] = [get(spec, "maxUnavailable"), get(spec, "minAvailable")];
  if ([spec, most, least].some(isUnreadable)) return false;
  if (most.value !== undefined) return textOf(most) !== "100%";
  return least.value !== undefined && !/^0+%?$/.test(shownNumber(least));
}

function shownNumber(field: Field): string {
  return typeof field.value === "number" ? String(field.value) : (textOf(field) ?? "0");
}
