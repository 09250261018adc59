import { isBuiltInGroup, isKind } from "../../../kubernetes/api-groups.ts";
import { elements, type Field, get, isUnreadable, rootField } from "../../../model/field.ts";
import type { KubeObject } from "../../../model/kube-object.ts";
import type { Violation } from "../../../model/rule.ts";
import { unreadable, violation } from "../../../model/violation.ts";

/**
 * Admission that changes objects after the rules have read them, and webhooks through which the API
 * server sends objects, Secrets among them, to an address instead of a Service of the cluster.
 */
export function checkWebhooks(object: KubeObject): readonly Violation[] {
  const root = rootField(object.body);
  if (isKind(object, "MutatingWebhookConfiguration")) {
    return elements(get(root, "webhooks")).flatMap((webhook) => [
      ...checkRules(object, get(webhook, "rules")),
      ...checkClient(object, webhook),
    ]);
  }
  if (isKind(object, "ValidatingWebhookConfiguration")) {
    return elements(get(root, "webhooks")).flatMap((webhook) => checkClient(object, webhook));
  }
  if (isKind(object, "MutatingAdmissionPolicy")) {
    return checkRules(object, get(root, "spec", "matchConstraints", "resourceRules"));
  }
  if (isKind(object, "CustomResourceDefinition")) {
    return checkClient(object, get(root, "spec", "conversion", "webhook"));
  }
  return [];
}

/** A rule for kinds of an operator's own group changes nothing that Kubernetes itself would run. */
function checkRules(object: KubeObject, rules: Field): readonly Violation[] {
  return elements(rules).flatMap((rule) => {
    if (isUnreadable(rule)) return [unreadable(object, rule)];
    return elements(get(rule, "apiGroups")).flatMap((group) => {
      if (isUnreadable(group)) return [unreadable(object, group)];
      if (typeof group.value === "string" && group.value !== "*" && !isBuiltInGroup(group.value)) {
        return [];
      }
      const problem = "lets objects of Kubernetes be changed after the rules have read them";
      const remedy = "limit it to kinds of the operator's own group, or remove it";
      return [violation(object, group, problem, remedy)];
    });
  });
}

function checkClient(object: KubeObject, webhook: Field): readonly Violation[] {
  const url = get(webhook, "clientConfig", "url");
  if (url.value === undefined) return [];
  if (isUnreadable(url)) return [unreadable(object, url)];
  const problem = "lets the API server send objects to an address";
  return [violation(object, url, problem, "name a Service of the cluster in clientConfig.service")];
}
