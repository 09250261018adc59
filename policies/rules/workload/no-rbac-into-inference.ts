import { isKind } from "../../kubernetes/api-groups.ts";
import { type Grant, grantsOf } from "../../kubernetes/rbac/grants.ts";
import { isForOperators } from "../../kubernetes/rbac/powers.ts";
import { type Roles, roleOf, rolesIn } from "../../kubernetes/rbac/roles.ts";
import { runningAccounts, type Subject, subjectsOf } from "../../kubernetes/rbac/subjects.ts";
import { inInference } from "../../kubernetes/scope.ts";
import { entries, type Field, get, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unknown } from "../../model/value.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const noRbacIntoInference: StackRule = {
  id: "W06",
  name: "no-rbac-into-inference",
  level: "stack",
  description:
    "Nobody but the break-glass groups may enter, make or change pods, read Secrets or take more rights in a namespace that holds prompts, by whatever role and binding.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: {
    gdpr: ["32(4)"],
    hipaa: ["164.308(a)(4)"],
    cis: "1 2 3 4 8 9 10 11 12 13".split(" ").map((number) => `5.1.${number}`),
    nsa: ["Auth"],
  },
  remedy:
    "bind a Role that leaves these rights out, in the namespace where it is needed; people who need them in an emergency belong to access.breakGlass",
  check: (graph, settings) => {
    const roles = rolesIn(graph.objects);
    const running = runningAccounts(graph.objects);
    return graph.objects.flatMap((object) => {
      if (isKind(object, "ClusterRole")) return checkAggregated(object);
      if (!isKind(object, "RoleBinding") && !isKind(object, "ClusterRoleBinding")) return [];
      if (!reaches(object, settings)) return [];
      return checkBinding(object, roles, subjectsOf(object, settings, running));
    });
  },
};

/** Whether a binding grants anything where prompts are: in inference, in the gateway, or everywhere. */
function reaches(binding: KubeObject, settings: Settings): boolean {
  if (isKind(binding, "ClusterRoleBinding") || inInference(binding, settings)) return true;
  return binding.namespace === unknown || binding.namespace === settings.gatewayNamespace;
}

function checkBinding(
  binding: KubeObject,
  roles: Roles,
  subjects: readonly Subject[],
): readonly Violation[] {
  const role = roleOf(binding, roles);
  const concerned = subjects.filter(({ kind }) => kind !== "break-glass");
  if (concerned.length === 0) return [];
  if (!role.given.known) {
    return [violation(binding, role.field, `names ${role.shown}, which ${role.given.why}`)];
  }
  const everywhere = isKind(binding, "ClusterRoleBinding");
  const grants = role.given.grants.filter(({ power }) => everywhere || power.scope === "namespace");
  return concerned.flatMap((subject) => {
    const excess = subject.kind === "operator" ? grants.filter(isExcess) : grants;
    if (excess.length === 0) return [];
    if (subject.kind === "unreadable") return [unreadable(binding, subject.field)];
    if (subject.kind === "break-glass") return [];
    const problem = `lets ${subject.shown} ${listed(excess)} through ${role.shown}`;
    return [violation(binding, subject.field, problem)];
  });
}

function isExcess({ power, verbs }: Grant): boolean {
  return !isForOperators(power, verbs);
}

function listed(grants: readonly Grant[]): string {
  return [...new Set(grants.map(({ power }) => power.may))].join(", ");
}

const aggregation = "rbac.authorization.k8s.io/aggregate-to-";

/** Labels that add the rules of a role to one that Kubernetes brings, which anybody may be bound to. */
function checkAggregated(role: KubeObject): readonly Violation[] {
  const labels = get(rootField(role.body), "metadata", "labels");
  const given = grantsOf(role);
  if (given !== "unreadable" && given.length === 0) return [];
  const adding = (entries(labels) ?? [["", labels] as const]).filter(isAdding);
  return adding.map(([key, label]) => {
    const holders = key === "" ? "some role" : `the role "${key.slice(aggregation.length)}"`;
    const what = given === "unreadable" ? "do what cannot be read" : listed(given);
    return violation(role, label, `lets every holder of ${holders} ${what}`, "remove the label");
  });
}

function isAdding([key, label]: readonly [string, Field]): boolean {
  if (label.value === unknown) return true;
  return key.startsWith(aggregation) && label.value !== "false" && label.value !== undefined;
}
