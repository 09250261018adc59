import { isBuiltIn } from "../../policies/kubernetes/api-groups.ts";
import { at } from "../../policies/model/value.ts";
import { isBootstrapRole } from "./bootstrap-roles.ts";
import type { Found } from "./found.ts";

/** Objects that a cluster brings with it, by kind and place; `*` stands for every namespace or name. */
interface OwnObjects {
  readonly kind: string;
  /** `undefined`: cluster-scoped. */
  readonly namespace?: string;
  readonly names: readonly string[];
  /** Who makes them. */
  readonly by: string;
}

/** ServiceAccounts of the controller manager that do not end in `-controller`. */
const controllerAccounts = [
  "default",
  "ephemeral-volume-controller",
  "generic-garbage-collector",
  "horizontal-pod-autoscaler",
  "kube-apiserver-serving-clustertrustbundle-publisher",
  "legacy-service-account-token-cleaner",
  "persistent-volume-binder",
  "pod-garbage-collector",
  "podcertificaterequestcleaner",
  "root-ca-cert-publisher",
];

/**
 * Kubernetes 1.37 as its components make it (seen on a cluster of this product, November 2026), and what
 * kubeadm and Amazon EKS add by their documentation. An object that is missing here is told as made by
 * nobody, so a gap costs a line in a report and no more.
 */
const table: readonly OwnObjects[] = [
  { kind: "ConfigMap", namespace: "*", names: ["kube-root-ca.crt"], by: "controller manager" },
  {
    kind: "ConfigMap",
    namespace: "kube-system",
    names: [
      "extension-apiserver-authentication",
      "kube-apiserver-legacy-service-account-token-tracking",
    ],
    by: "API server",
  },
  {
    kind: "ConfigMap",
    namespace: "kube-system",
    names: ["coredns", "kube-proxy", "kubeadm-config", "kubelet-config"],
    by: "kubeadm",
  },
  { kind: "ConfigMap", namespace: "kube-public", names: ["cluster-info"], by: "kubeadm" },
  {
    kind: "ConfigMap",
    namespace: "kube-system",
    names: ["amazon-vpc-cni", "aws-auth", "kube-proxy-config"],
    by: "Amazon EKS",
  },
  { kind: "DaemonSet", namespace: "kube-system", names: ["kube-proxy"], by: "kubeadm" },
  {
    kind: "DaemonSet",
    namespace: "kube-system",
    names: ["aws-node", "eks-pod-identity-agent"],
    by: "Amazon EKS",
  },
  { kind: "Deployment", namespace: "kube-system", names: ["coredns"], by: "kubeadm" },
  { kind: "Endpoints", namespace: "default", names: ["kubernetes"], by: "API server" },
  { kind: "EndpointSlice", namespace: "default", names: ["kubernetes"], by: "API server" },
  {
    kind: "Namespace",
    names: ["default", "kube-node-lease", "kube-public", "kube-system"],
    by: "API server",
  },
  { kind: "Node", names: ["*"], by: "kubelet" },
  {
    kind: "PriorityClass",
    names: ["system-cluster-critical", "system-node-critical"],
    by: "API server",
  },
  { kind: "Service", namespace: "default", names: ["kubernetes"], by: "API server" },
  { kind: "Service", namespace: "kube-system", names: ["kube-dns"], by: "kubeadm" },
  { kind: "ServiceAccount", namespace: "*", names: ["default"], by: "controller manager" },
  {
    kind: "ServiceAccount",
    namespace: "kube-system",
    names: controllerAccounts,
    by: "controller manager",
  },
  {
    kind: "ServiceAccount",
    namespace: "kube-system",
    names: ["aws-node", "coredns", "eks-pod-identity-agent", "kube-proxy"],
    by: "kubeadm or Amazon EKS",
  },
  { kind: "ServiceCIDR", names: ["kubernetes"], by: "API server" },
];

/** The tool of the local cluster, which installs definitions and a storage class; the API server reports on them. */
const installers = new Set(["kube-apiserver", "private-llm-local-cluster"]);

/** Whether the cluster itself brought the object. */
export function isClustersOwn(found: Found): boolean {
  const { object, namespace, name } = found;
  if (!isBuiltIn(object)) return false;
  return (
    isBaseObject(found) ||
    isControllerAccount(found) ||
    isBootstrapRole(found) ||
    isLocalApiService(found) ||
    isStaticPod(found) ||
    table.some(
      (own) =>
        own.kind === object.kind &&
        (own.namespace === "*" ? namespace !== undefined : own.namespace === namespace) &&
        own.names.some((each) => each === "*" || each === name),
    )
  );
}

/** Whether the tool of the local cluster installed the object. */
export function isBaseObject({ object: { kind }, managers }: Found): boolean {
  if (kind !== "CustomResourceDefinition" && kind !== "StorageClass") return false;
  return managers.length > 0 && managers.every((manager) => installers.has(manager));
}

function isControllerAccount({ object: { kind }, namespace, name }: Found): boolean {
  return kind === "ServiceAccount" && namespace === "kube-system" && name.endsWith("-controller");
}

/** A group that the API server serves itself; one with a Service is somebody's extension. */
function isLocalApiService({ object: { kind, body } }: Found): boolean {
  return kind === "APIService" && (at(body, "spec", "service") ?? null) === null;
}

/** A pod that a kubelet reads from a file of its node, such as the API server itself. */
function isStaticPod({ object: { kind, body }, namespace, owners }: Found): boolean {
  return (
    kind === "Pod" &&
    namespace === "kube-system" &&
    owners.some((owner) => owner.kind === "Node") &&
    at(body, "metadata", "annotations", "kubernetes.io/config.mirror") !== undefined
  );
}
