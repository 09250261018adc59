import { elements, type Field, get, isEmpty, isUnreadable, textOf } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { type Subject, unreadable, violation } from "../model/violation.ts";
import { isInferenceNamespace } from "./scope.ts";

const narrowings = ["users", "userGroups", "verbs", "resources", "nonResourceURLs"];

/**
 * The API server's audit policy: it must log what happens to the inference namespaces, and never the
 * bodies, which hold Secrets and whatever an object carries.
 */
export function checkAuditPolicy(
  subject: Subject,
  policy: Field,
  settings: Settings,
): readonly Violation[] {
  const rules = get(policy, "rules");
  if (isEmpty(rules)) {
    return [violation(subject, rules, "is absent, so nothing is logged", "log at level Metadata")];
  }
  return elements(rules).flatMap((rule) => checkRule(subject, rule, settings));
}

function checkRule(subject: Subject, rule: Field, settings: Settings): readonly Violation[] {
  if (isUnreadable(rule)) return [unreadable(subject, rule)];
  const level = get(rule, "level");
  if (isUnreadable(level)) return [unreadable(subject, level)];
  if (!concernsInference(rule, settings)) return [];
  switch (textOf(level) ?? "") {
    case "Metadata":
      return [];
    case "None":
      if (narrowings.some((name) => !isEmpty(get(rule, name)))) return [];
      return [violation(subject, level, "logs nothing of an inference namespace", "use Metadata")];
    case "Request":
    case "RequestResponse": {
      if (isHarmless(get(rule, "resources"))) return [];
      const problem = "writes the bodies of objects in inference namespaces to the audit log";
      return [violation(subject, level, problem, "use level Metadata")];
    }
    default:
      return [violation(subject, level, "is no level of an audit policy", "use level Metadata")];
  }
}

/** A rule without namespaces is one for all of them. */
function concernsInference(rule: Field, settings: Settings): boolean {
  const namespaces = elements(get(rule, "namespaces"));
  if (namespaces.length === 0) return true;
  return namespaces.some(
    (field) => isUnreadable(field) || isInferenceNamespace(textOf(field) ?? "", settings),
  );
}

/** Groups whose objects hold rights and schedules, no data of a workload. */
const harmlessGroups = new Set([
  "admissionregistration.k8s.io",
  "apiregistration.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);

function isHarmless(resources: Field): boolean {
  const listed = elements(resources);
  return (
    listed.length > 0 &&
    listed.every((each) => harmlessGroups.has(textOf(get(each, "group")) ?? ""))
  );
}
