import { admissionSet } from "../../../policies/admission/admission-set.ts";
import { unknown, type Value } from "../../../policies/model/value.ts";
import { changed, goodResources, kube, settings } from "../good-graph.ts";
import { added, type Mutant } from "./mutant.ts";

const policy = "private-llm-inference-pods";
const group = "admissionregistration.k8s.io/v1";

/** The good graph without one object of the admission set. */
function without(title: string, kind: string): Mutant {
  const resources = goodResources.filter(
    (each) => !(each.type === `kubernetes:${group}:${kind}` && each.name === policy),
  );
  return { rule: "C04", title, resources, object: "Namespace inference", path: "metadata.name" };
}

function policyChange(
  title: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
): Mutant {
  const resources = changed(`ValidatingAdmissionPolicy/${policy}`, path, value);
  const object = `ValidatingAdmissionPolicy ${policy}`;
  return { rule: "C04", title, resources, object, path: reported };
}

function bindingChange(
  title: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
): Mutant {
  const resources = changed(`ValidatingAdmissionPolicyBinding/${policy}`, path, value);
  const object = `ValidatingAdmissionPolicyBinding ${policy}`;
  return { rule: "C04", title, resources, object, path: reported };
}

const podRules: Value = [
  { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
];

const [first] = admissionSet(settings).filter((each) => each.policy.metadata.name === policy);
const extra = kube(`${group}:ValidatingAdmissionPolicyBinding`, policy, undefined, {
  spec: { policyName: first?.policy.metadata.name ?? "", validationActions: ["Audit"] },
});

export const guards: readonly Mutant[] = [
  without("policy left out", "ValidatingAdmissionPolicy"),
  without("policy without its binding", "ValidatingAdmissionPolicyBinding"),
  bindingChange(
    "warning instead of refusal",
    ["spec", "validationActions"],
    ["Warn"],
    "spec.validationActions[0]",
  ),
  bindingChange(
    "audit beside refusal",
    ["spec", "validationActions"],
    ["Deny", "Audit"],
    "spec.validationActions",
  ),
  bindingChange("binding to another policy", ["spec", "policyName"], "other", "spec.policyName"),
  bindingChange(
    "binding that leaves a namespace out",
    ["spec", "matchResources"],
    { namespaceSelector: { matchLabels: { guarded: "yes" } } },
    "spec.matchResources",
  ),
  bindingChange(
    "binding with a parameter that need not exist",
    ["spec", "paramRef"],
    { name: "none", parameterNotFoundAction: "Allow" },
    "spec.paramRef",
  ),
  bindingChange(
    "actions not known yet",
    ["spec", "validationActions"],
    unknown,
    "spec.validationActions",
  ),
  policyChange("failing open", ["spec", "failurePolicy"], "Ignore", "spec.failurePolicy"),
  policyChange(
    "condition that spares a user",
    ["spec", "matchConditions", 1],
    { name: "not-me", expression: 'request.userInfo.username != "me"' },
    "spec.matchConditions",
  ),
  policyChange(
    "another namespace",
    ["spec", "matchConstraints", "namespaceSelector", "matchExpressions", 0, "values", 0],
    "elsewhere",
    "spec.matchConstraints.namespaceSelector.matchExpressions[0].values[0]",
  ),
  policyChange(
    "objects with a label spared",
    ["spec", "matchConstraints", "objectSelector"],
    { matchLabels: { checked: "yes" } },
    "spec.matchConstraints.objectSelector.matchLabels",
  ),
  policyChange(
    "a resource left out again",
    ["spec", "matchConstraints", "excludeResourceRules"],
    podRules,
    "spec.matchConstraints.excludeResourceRules",
  ),
  policyChange(
    "creation alone",
    ["spec", "matchConstraints", "resourceRules", 0, "operations"],
    ["CREATE"],
    "spec.matchConstraints.resourceRules[0].operations",
  ),
  policyChange(
    "a validation that always holds",
    ["spec", "validations", 0, "expression"],
    "true",
    "spec.validations[0].expression",
  ),
  policyChange("variables not known yet", ["spec", "variables"], unknown, "spec.variables"),
  added(
    "C04",
    "a second binding of the same name",
    extra,
    `ValidatingAdmissionPolicyBinding ${policy}`,
    "metadata.name",
  ),
  added(
    "C04",
    "binding of a mutating policy that is not in the stack",
    kube("admissionregistration.k8s.io/v1:MutatingAdmissionPolicyBinding", "sidecar", undefined, {
      spec: { policyName: "elsewhere" },
    }),
    "MutatingAdmissionPolicyBinding sidecar",
    "spec.policyName",
  ),
  added(
    "C04",
    "mutating policy not known yet",
    kube("admissionregistration.k8s.io/v1:MutatingAdmissionPolicyBinding", "sidecar", undefined, {
      spec: { policyName: unknown },
    }),
    "MutatingAdmissionPolicyBinding sidecar",
    "spec.policyName",
  ),
];
