import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

type Rules = k8s.types.input.rbac.v1.PolicyRule[];

/** Prefix of every object of the chart; its service accounts carry it too. */
export const stackName = "prometheus-stack";

const core = "";
const crds = "monitoring.coreos.com";
const see = ["get", "list", "watch"];
const change = [...see, "create", "update", "patch", "delete"];

/**
 * Rights of the Prometheus operator and of Prometheus, in place of the chart's own: those let the
 * operator read and write the Secrets, and make the pods, of every namespace. Here it may do so where
 * its instances run; elsewhere it finds monitors and rules, and keeps the list of kubelets.
 */
export function monitoringAccess(
  name: string,
  namespace: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const operator = { account: `${stackName}-operator`, role: "private-llm-prometheus-operator" };
  const prometheus = { account: `${stackName}-prometheus`, role: "private-llm-prometheus" };
  return [
    ...everywhere(`${name}-operator`, { ...operator, namespace }, discovery(), opts),
    ...inside(`${name}-operator`, namespace, { ...operator, namespace }, instances(), opts),
    ...inside(`${name}-kubelets`, "kube-system", { ...operator, namespace }, kubelets(), opts),
    ...everywhere(`${name}-prometheus`, { ...prometheus, namespace }, targets(), opts),
  ];
}

/** A service account of the chart, and the name of its roles here: the chart's own would be replaced. */
interface Holder {
  readonly account: string;
  readonly namespace: string;
  readonly role: string;
}

/** What the operator looks for in every namespace. */
function discovery(): Rules {
  return [
    {
      apiGroups: [crds],
      resources: ["podmonitors", "probes", "prometheusrules", "scrapeconfigs", "servicemonitors"],
      verbs: see,
    },
    { apiGroups: [core], resources: ["namespaces"], verbs: see },
    { apiGroups: [core], resources: ["nodes"], verbs: ["list", "watch"] },
    { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get"] },
  ];
}

/** What the operator makes of its instances, in their own namespace. */
function instances(): Rules {
  const kinds = ["alertmanagers", "prometheuses", "prometheusagents", "thanosrulers"];
  return [
    {
      apiGroups: [crds],
      resources: kinds.flatMap((kind) => [kind, `${kind}/finalizers`, `${kind}/status`]),
      verbs: [...see, "update", "patch"],
    },
    { apiGroups: [crds], resources: ["alertmanagerconfigs"], verbs: see },
    { apiGroups: ["apps"], resources: ["statefulsets"], verbs: change },
    { apiGroups: [core], resources: ["configmaps", "secrets"], verbs: change },
    { apiGroups: [core], resources: ["pods"], verbs: ["list", "delete"] },
    {
      apiGroups: [core],
      resources: ["services", "services/finalizers"],
      verbs: ["get", "create", "update", "delete"],
    },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: see },
  ];
}

/** The Service and Endpoints by which Prometheus finds the kubelets; the operator writes both. */
function kubelets(): Rules {
  return [
    {
      apiGroups: [core],
      resources: ["services", "endpoints"],
      verbs: ["get", "create", "update"],
    },
  ];
}

/** What Prometheus looks up, and the metrics of nodes that it reads through their kubelets. */
function targets(): Rules {
  return [
    { apiGroups: [core], resources: ["nodes", "services", "endpoints", "pods"], verbs: see },
    { apiGroups: [core], resources: ["nodes/metrics"], verbs: ["get"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: see },
    { nonResourceURLs: ["/metrics", "/metrics/cadvisor"], verbs: ["get"] },
  ];
}

function everywhere(
  resource: string,
  holder: Holder,
  rules: Rules,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name: holder.role };
  const role = new k8s.rbac.v1.ClusterRole(resource, { metadata, rules }, opts);
  const binding = new k8s.rbac.v1.ClusterRoleBinding(
    resource,
    { metadata, ...grant("ClusterRole", holder) },
    { ...opts, dependsOn: [role] },
  );
  return [role, binding];
}

function inside(
  resource: string,
  namespace: string,
  holder: Holder,
  rules: Rules,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name: holder.role, namespace };
  const role = new k8s.rbac.v1.Role(resource, { metadata, rules }, opts);
  const binding = new k8s.rbac.v1.RoleBinding(
    resource,
    { metadata, ...grant("Role", holder) },
    { ...opts, dependsOn: [role] },
  );
  return [role, binding];
}

function grant(kind: "Role" | "ClusterRole", { account, namespace, role }: Holder) {
  return {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  };
}
