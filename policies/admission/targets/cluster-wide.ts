import type { ResourceRule } from "../../../components/lib/admission-objects.ts";
import { namespaceName } from "../../../components/lib/labels.ts";
import { pluginPolicyKinds, tierPolicyKinds } from "../../data/network-policy-kinds.ts";
import { isClusterScoped } from "../../model/kube-object.ts";
import { items, list, part, text } from "../cel.ts";
import type { Scope } from "../scope.ts";
import { clusterSubject, resourceRule, type Target, writes } from "../target.ts";

/** Policies of single network plugins, which could allow what the default deny forbids. */
export function pluginPolicies(scope: Scope): Target {
  return {
    name: "plugin-policies",
    namespaces: scope.inference,
    // Those of the whole cluster are the site's own, and in languages that nothing here reads.
    resourceRules: groups(pluginPolicyKinds, (kind) => !isClusterScoped(kind)),
    checks: [
      {
        rule: "C02",
        holds: "false",
        problem: "can allow what a NetworkPolicy denies",
        remedy: "use a networking.k8s.io NetworkPolicy",
      },
    ],
  };
}

/** Policies of a tier above: what they accept, no default deny takes back. */
export function tierPolicies(scope: Scope): Target {
  const subject = "dyn(object).spec.?subject";
  const selectors = [
    part(subject, "namespaces", "matchLabels"),
    part(subject, "pods", "namespaceSelector", "matchLabels"),
  ];
  return {
    name: "tier-policies",
    resourceRules: groups(tierPolicyKinds, () => true),
    subject: clusterSubject,
    checks: [
      {
        rule: "E16",
        holds: `${items("dyn(object).spec", "egress")}.all(r, r.action in ["Deny", "Pass"]) || ${elsewhere(scope, selectors)}`,
        problem: "could allow pods of an inference namespace to send",
        remedy: `use the actions Deny and Pass alone, or select its subject by the label ${namespaceName}`,
      },
    ],
  };
}

function elsewhere(scope: Scope, selectors: readonly string[]): string {
  const label = text(namespaceName);
  return selectors
    .map(
      (labels) => `(${label} in ${labels} && !(${labels}[${label}] in ${list(scope.inference)}))`,
    )
    .join(" || ");
}

function groups(
  kinds: Readonly<Record<string, readonly string[]>>,
  wanted: (kind: string) => boolean,
): ResourceRule[] {
  return Object.entries(kinds).flatMap(([group, names]) => {
    const resources = names.filter(wanted).map(plural);
    return resources.length === 0 ? [] : [resourceRule({ group, resources }, writes)];
  });
}

/** Name in request paths; every kind in the tables ends in "Policy". */
function plural(kind: string): string {
  return `${kind.toLowerCase().replace(/y$/, "")}ies`;
}

/** Volumes that a pod of an inference namespace is bound to, also by the controller that binds them. */
export function volumes(scope: Scope): Target {
  return {
    name: "volumes",
    resourceRules: [resourceRule({ group: "", resources: ["persistentvolumes"] }, writes)],
    subject: clusterSubject,
    conditions: [
      {
        name: "is-claimed-from-inside",
        expression: `object.spec.?claimRef.?namespace.orValue("") in ${list(scope.inference)}`,
      },
    ],
    checks: [
      {
        rule: "W02",
        holds: "!has(object.spec.hostPath)",
        problem: "is a folder of the node, which the next tenant of the node can read",
        remedy: "use a local PersistentVolume on a disk of its own, or a storage driver",
      },
    ],
  };
}
