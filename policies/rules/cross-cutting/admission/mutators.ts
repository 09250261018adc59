import { namespaceName } from "../../../../components/lib/labels.ts";
import { guardedResources } from "../../../admission/admission-set.ts";
import { isKind } from "../../../kubernetes/api-groups.ts";
import {
  elements,
  type Field,
  get,
  isUnreadable,
  rootField,
  textOf,
} from "../../../model/field.ts";
import { describe, type KubeObject } from "../../../model/kube-object.ts";
import type { Graph, Violation } from "../../../model/rule.ts";
import type { Settings } from "../../../model/settings.ts";
import { unreadable, violation } from "../../../model/violation.ts";

/** Webhooks and policies of the stack that could change what an inference namespace is given. */
export function mutators(graph: Graph, settings: Settings): readonly Violation[] {
  const policies = new Set(
    graph.objects
      .filter((object) => isKind(object, "MutatingAdmissionPolicy"))
      .map(({ name }) => name),
  );
  const guarded = guardedNames(settings);
  return graph.objects.flatMap((object) => {
    if (settings.policies.mutators.includes(describe(object))) return [];
    const spec = get(rootField(object.body), "spec");
    if (isKind(object, "MutatingWebhookConfiguration")) {
      return elements(get(rootField(object.body), "webhooks")).flatMap((webhook) =>
        checkMatch(object, webhook, get(webhook, "rules"), settings, guarded),
      );
    }
    if (isKind(object, "MutatingAdmissionPolicy")) {
      const match = get(spec, "matchConstraints");
      return checkMatch(object, match, get(match, "resourceRules"), settings, guarded);
    }
    if (!isKind(object, "MutatingAdmissionPolicyBinding")) return [];
    // A policy of the same stack is judged itself, and a binding can only narrow it.
    const policy = get(spec, "policyName");
    if (typeof policy.value === "string" && policies.has(policy.value)) return [];
    const match = get(spec, "matchResources");
    return checkMatch(object, match, get(match, "resourceRules"), settings, guarded);
  });
}

/** Resources that the admission policies look at, as `group/resource`. */
function guardedNames(settings: Settings): ReadonlySet<string> {
  return new Set(
    guardedResources(settings).flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
    ),
  );
}

/** A rule without resources, as a binding may have it, speaks of all that its policy does. */
function checkMatch(
  object: KubeObject,
  match: Field,
  rules: Field,
  settings: Settings,
  guarded: ReadonlySet<string>,
): readonly Violation[] {
  const selector = get(match, "namespaceSelector");
  const hidden = [match, rules, selector].filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(object, field));
  const all = rules.value === undefined;
  const touching = all || elements(rules).some((rule) => touches(rule, guarded));
  if (!touching || leavesOut(selector, settings)) return [];
  const problem = "can change objects of an inference namespace after they were checked";
  const remedy = `leave the inference namespaces out by a namespaceSelector on ${namespaceName}, or name the object in policies.mutators of the stack file`;
  return [violation(object, all ? match : rules, problem, remedy)];
}

function touches(rule: Field, guarded: ReadonlySet<string>): boolean {
  const operations = texts(get(rule, "operations"));
  const writes = ["*", "CREATE", "UPDATE", undefined];
  if (!operations.some((operation) => writes.includes(operation))) return false;
  return texts(get(rule, "apiGroups")).some((group) =>
    texts(get(rule, "resources")).some((resource) =>
      [...guarded].some((each) => covers(group, resource, each)),
    ),
  );
}

/** Whether a rule for a group and a resource covers one of `group/resource`; what cannot be read covers all. */
function covers(group: string | undefined, resource: string | undefined, guarded: string): boolean {
  const slash = guarded.indexOf("/");
  if (group !== undefined && group !== "*" && group !== guarded.slice(0, slash)) return false;
  const wanted = guarded.slice(slash + 1);
  if (resource === undefined || wanted === "*" || resource === "*" || resource === "*/*")
    return true;
  const [name = "", subresource] = resource.split("/");
  const [wantedName = "", wantedSubresource] = wanted.split("/");
  return (
    (name === "*" || name === wantedName) &&
    (subresource === "*" || subresource === wantedSubresource)
  );
}

function texts(list: Field): readonly (string | undefined)[] {
  return elements(list).map((each) => (isUnreadable(each) ? undefined : textOf(each)));
}

/** Whether a selector surely leaves out every inference namespace; each of its parts must hold. */
function leavesOut(selector: Field, { inferenceNamespaces: names }: Settings): boolean {
  if (names === "every") return false;
  const label = get(selector, "matchLabels", namespaceName);
  if (typeof label.value === "string" && !isUnreadable(label)) return !names.has(label.value);
  return elements(get(selector, "matchExpressions")).some((expression) => {
    if (get(expression, "key").value !== namespaceName) return false;
    const values = texts(get(expression, "values"));
    const operator = get(expression, "operator").value;
    if (operator === "NotIn") return [...names].every((name) => values.includes(name));
    return operator === "In" && values.every((value) => value !== undefined && !names.has(value));
  });
}
