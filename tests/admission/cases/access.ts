import type { ValueObject } from "../../../policies/model/value.ts";
import { object, type Refusal, type Sent } from "../support/objects.ts";

const rbac = "rbac.authorization.k8s.io";

function role(rule: ValueObject, name = "extra"): Sent {
  return object(`${rbac}/v1`, "Role", name, {
    rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] }, rule],
  });
}

function binding(kind: string, name: string, subject: ValueObject, of = "extra"): Sent {
  return object(`${rbac}/v1`, "RoleBinding", of, {
    roleRef: { apiGroup: rbac, kind, name },
    subjects: [subject],
  });
}

function group(name: string): ValueObject {
  return { apiGroup: rbac, kind: "Group", name };
}

const core = (resource: string, verb: string) => ({
  apiGroups: [""],
  resources: [resource],
  verbs: [verb],
});

export const accessRefusals: readonly Refusal[] = [
  { rule: "W06", title: "role that opens a shell", object: role(core("pods/exec", "create")) },
  { rule: "W06", title: "role that attaches", object: role(core("pods/attach", "get")) },
  {
    rule: "W06",
    title: "role that forwards ports",
    object: role(core("pods/portforward", "create")),
  },
  { rule: "W06", title: "role that relays", object: role(core("services/proxy", "get")) },
  {
    rule: "W06",
    title: "role that adds a container",
    object: role(core("pods/ephemeralcontainers", "patch")),
  },
  { rule: "W06", title: "role that reads secrets", object: role(core("secrets", "list")) },
  {
    rule: "W06",
    title: "role that takes tokens",
    object: role(core("serviceaccounts/token", "create")),
  },
  {
    rule: "W06",
    title: "role that makes pods",
    object: role({ apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] }),
  },
  {
    rule: "W06",
    title: "role that opens network policies",
    object: role({
      apiGroups: ["networking.k8s.io"],
      resources: ["networkpolicies"],
      verbs: ["delete"],
    }),
  },
  {
    rule: "W06",
    title: "role that binds others",
    object: role({ apiGroups: [rbac], resources: ["roles"], verbs: ["bind"] }),
  },
  { rule: "W06", title: "role over everything", object: role(core("*", "*")) },
  { rule: "W06", title: "role over every exec", object: role(core("*/exec", "create")) },
  {
    rule: "W06",
    title: "role over every group",
    object: role({ apiGroups: ["*"], resources: ["secrets"], verbs: ["get"] }),
  },
  {
    rule: "W06",
    title: "editors, who may open a shell",
    object: binding("ClusterRole", "edit", group("team-a")),
  },
  {
    rule: "W06",
    title: "the break-glass role for everyday people",
    object: binding("Role", "private-llm-break-glass", group("team-a")),
  },
  {
    rule: "W06",
    title: "the break-glass role for an account named like the group",
    object: binding("ClusterRole", "admin", {
      apiGroup: rbac,
      kind: "User",
      name: "test-break-glass",
    }),
  },
  {
    rule: "W03",
    title: "Secret with a token",
    object: {
      ...object("v1", "Secret", "extra", { type: "kubernetes.io/service-account-token" }),
      metadata: {
        name: "extra",
        namespace: "inference",
        annotations: { "kubernetes.io/service-account.name": "llama-3-70b" },
      },
    },
  },
  {
    rule: "W02",
    title: "folder of a node as a claimed volume",
    object: object(
      "v1",
      "PersistentVolume",
      "extra",
      {
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          hostPath: { path: "/data" },
          claimRef: { namespace: "inference", name: "data" },
        },
      },
      "",
    ),
  },
];

export const accessPasses: readonly Sent[] = [
  role(core("pods", "list")),
  role(core("pods", "delete")),
  role(core("pods/exec", "create"), "private-llm-break-glass"),
  binding("ClusterRole", "view", group("team-a")),
  binding("Role", "private-llm-viewer", group("team-a"), "extra-viewer"),
  binding("ClusterRole", "admin", group("test-break-glass"), "extra-admin"),
  object("v1", "Secret", "extra", { stringData: { a: "b" } }),
];

function namespace(labels: ValueObject, more: ValueObject = {}): Sent {
  const metadata = {
    name: "inference",
    labels: { "pod-security.kubernetes.io/enforce": "restricted", ...labels },
    ...more,
  };
  return { apiVersion: "v1", kind: "Namespace", metadata };
}

/** Changes of the inference namespace itself. */
export const namespaceRefusals: readonly Refusal[] = [
  {
    rule: "W01",
    title: "lower Pod Security",
    object: namespace({ "pod-security.kubernetes.io/enforce": "baseline" }),
  },
  {
    rule: "W01",
    title: "Pod Security of an old version",
    object: namespace({ "pod-security.kubernetes.io/enforce-version": "v1.20" }),
  },
  {
    rule: "E19",
    title: "ambient mesh",
    object: namespace({ "istio.io/dataplane-mode": "ambient" }),
  },
  { rule: "E19", title: "sidecars of a mesh", object: namespace({ "istio-injection": "enabled" }) },
  {
    rule: "E19",
    title: "mesh by annotation",
    object: namespace({}, { annotations: { "linkerd.io/inject": "enabled" } }),
  },
  {
    rule: "E18",
    title: "network of its own for all pods",
    object: namespace({ "k8s.ovn.org/primary-user-defined-network": "" }),
  },
  {
    rule: "E04",
    title: "namespace that goes with an owner",
    object: namespace(
      {},
      { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "gone", uid: "0" }] },
    ),
  },
];

export const namespacePasses: readonly Sent[] = [
  namespace({ team: "a", "istio.io/dataplane-mode": "none" }),
];
