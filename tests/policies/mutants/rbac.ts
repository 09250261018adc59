import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { goodResources, kube } from "../good-graph.ts";
import type { Mutant } from "./mutant.ts";

const group = "rbac.authorization.k8s.io";
const rbac = `${group}/v1`;

export function clusterRole(rules: Value, more: ValueObject = {}): Resource {
  return kube(`${rbac}:ClusterRole`, "wide", undefined, { rules, ...more });
}

function role(rules: Value, namespace = "inference"): Resource {
  return kube(`${rbac}:Role`, "narrow", namespace, { rules });
}

const viewers: ValueObject = { kind: "Group", name: "llm-viewers" };

export function binding(
  kind: "RoleBinding" | "ClusterRoleBinding",
  roleKind: "Role" | "ClusterRole",
  subjects: Value = [viewers],
  namespace = "inference",
): Resource {
  const name = roleKind === "Role" ? "narrow" : "wide";
  const body: ValueObject = { roleRef: { kind: roleKind, name }, subjects };
  return kube(`${rbac}:${kind}`, "b", kind === "RoleBinding" ? namespace : undefined, body);
}

function mutant(title: string, resources: readonly Resource[], path = "subjects[0]"): Mutant {
  const made = resources.find((each) => each.name === "b");
  const wide = made?.type.endsWith(":ClusterRoleBinding") === true;
  const object = wide ? "ClusterRoleBinding b" : "RoleBinding inference/b";
  return { rule: "W06", title, resources: [...goodResources, ...resources], object, path };
}

/** A role in the inference namespace with one rule, bound to a group that is not break-glass. */
function holds(
  title: string,
  resources: readonly string[],
  verbs: readonly string[],
  of = "",
): Mutant {
  const rule = { apiGroups: [of], resources, verbs };
  return mutant(title, [role([rule]), binding("RoleBinding", "Role")]);
}

function everywhere(title: string, rule: ValueObject, subjects: Value = [viewers]): Mutant {
  return mutant(title, [
    clusterRole([rule]),
    binding("ClusterRoleBinding", "ClusterRole", subjects),
  ]);
}

const exec = { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] };
const ofOperator = (name: string, namespace = "monitoring") => [
  { kind: "ServiceAccount", name, namespace },
];

/** A pod of the infrastructure, so that its account is one of an operator. */
export const operatorPod = kube("apps/v1:Deployment", "operator", "monitoring", {
  spec: {
    template: {
      spec: {
        serviceAccountName: "operator",
        containers: [{ name: "o", image: `registry.internal/llm/o@sha256:${"0".repeat(64)}` }],
      },
    },
  },
});

const breakGlass = { kind: "Group", name: "llm-break-glass" };

export const rbacMutants: readonly Mutant[] = [
  holds("exec", ["pods/exec"], ["create"]),
  holds("exec by get, as WebSockets have it", ["pods/exec"], ["get"]),
  holds("attach by a wildcard for subresources", ["pods/*"], ["create"]),
  holds("port forwarding by a wildcard for kinds", ["*/portforward"], ["create"]),
  holds("proxy to Services", ["services/proxy"], ["get"]),
  holds("debug containers", ["pods/ephemeralcontainers"], ["patch"]),
  holds("logs", ["pods/log"], ["get"]),
  holds("Secrets", ["secrets"], ["list"]),
  holds("Secrets by an update that answers with them", ["secrets"], ["patch"]),
  holds("tokens", ["serviceaccounts/token"], ["create"]),
  holds("pods", ["pods"], ["create"]),
  holds("image of a running pod", ["pods"], ["patch"]),
  holds("pods by way of a Job", ["cronjobs"], ["create"], "batch"),
  holds("pods by way of a custom resource", ["rayclusters"], ["create"], "ray.io"),
  holds("network policies", ["networkpolicies"], ["delete"], "networking.k8s.io"),
  holds("escalation", ["roles"], ["escalate"], group),
  holds("binding", ["clusterroles"], ["bind"], group),
  holds("impersonation", ["serviceaccounts"], ["impersonate"]),
  holds("every verb", ["pods"], ["*"]),
  holds("every kind", ["*"], ["get"]),
  holds("every group", ["deployments"], ["update"], "*"),
  mutant("Secrets by name", [
    role([{ apiGroups: [""], resources: ["secrets"], resourceNames: ["key"], verbs: ["get"] }]),
    binding("RoleBinding", "Role"),
  ]),
  mutant("unknown rules", [role(unknown), binding("RoleBinding", "Role")], "roleRef.name"),
  mutant(
    "unknown verbs",
    [role([{ ...exec, verbs: unknown }]), binding("RoleBinding", "Role")],
    "roleRef.name",
  ),
  mutant("role of the cluster in the namespace", [
    clusterRole([exec]),
    binding("RoleBinding", "ClusterRole"),
  ]),
  everywhere("role of the cluster everywhere", exec),
  everywhere("kubelets", { apiGroups: [""], resources: ["nodes/proxy"], verbs: ["get"] }),
  everywhere("labels of namespaces", {
    apiGroups: [""],
    resources: ["namespaces"],
    verbs: ["patch"],
  }),
  everywhere("webhooks", {
    apiGroups: ["admissionregistration.k8s.io"],
    resources: ["mutatingwebhookconfigurations"],
    verbs: ["update"],
  }),
  everywhere("exec of an unknown subject", exec, [unknown]),
  everywhere("every service account of a namespace", exec, [
    { kind: "Group", name: "system:serviceaccounts:inference" },
  ]),
  everywhere("a user with the name of the break-glass group", exec, [
    { kind: "User", name: "llm-break-glass" },
  ]),
  mutant(
    "second subject beside the break-glass group",
    [role([exec]), binding("RoleBinding", "Role", [breakGlass, viewers])],
    "subjects[1]",
  ),
  mutant(
    "role that the graph does not hold",
    [binding("RoleBinding", "ClusterRole")],
    "roleRef.name",
  ),
  mutant(
    "role of the same name in another namespace",
    [role([], "web"), binding("RoleBinding", "Role")],
    "roleRef.name",
  ),
  mutant(
    "role that gathers its rules by label",
    [
      clusterRole([], { aggregationRule: { clusterRoleSelectors: [{}] } }),
      binding("ClusterRoleBinding", "ClusterRole"),
    ],
    "roleRef.name",
  ),
  {
    rule: "W06",
    title: "role that adds to what viewers of every namespace may do",
    resources: [
      ...goodResources,
      clusterRole([exec], {
        metadata: { name: "wide", labels: { [`${group}/aggregate-to-view`]: "true" } },
      }),
    ],
    object: "ClusterRole wide",
    path: 'metadata.labels["rbac.authorization.k8s.io/aggregate-to-view"]',
  },
  mutant("operator that reads Secrets", [
    operatorPod,
    clusterRole([{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }]),
    binding("ClusterRoleBinding", "ClusterRole", ofOperator("operator")),
  ]),
  everywhere(
    "account of the infrastructure that no pod runs under",
    {
      apiGroups: [""],
      resources: ["namespaces"],
      verbs: ["patch"],
    },
    ofOperator("ghost", "kube-system"),
  ),
];

/** What an operator of the infrastructure, the break-glass group and viewers may hold. */
export const allowedGrants: readonly Resource[] = [
  operatorPod,
  clusterRole([
    { apiGroups: [""], resources: ["namespaces", "pods"], verbs: ["patch"] },
    { apiGroups: ["nvidia.com"], resources: ["clusterpolicies"], verbs: ["*"] },
  ]),
  binding("ClusterRoleBinding", "ClusterRole", ofOperator("operator")),
  role([exec, { apiGroups: [""], resources: ["pods"], verbs: ["get"] }]),
  { ...binding("RoleBinding", "Role", [breakGlass]), name: "emergency" },
  kube(`${rbac}:Role`, "see", "inference", {
    rules: [
      {
        apiGroups: ["", "apps"],
        resources: ["pods", "deployments", "services"],
        verbs: ["get", "list"],
      },
      { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["patch"] },
    ],
  }),
  kube(`${rbac}:RoleBinding`, "see", "inference", {
    roleRef: { kind: "Role", name: "see" },
    subjects: [viewers],
  }),
  // A namespace without prompts is its owner's business.
  { ...binding("RoleBinding", "ClusterRole", [viewers], "web"), name: "elsewhere" },
];
