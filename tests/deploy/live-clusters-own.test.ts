import test from "ava";
import { withoutOwnAggregation } from "../../deploy/live/bootstrap-roles.ts";
import { isClustersOwn } from "../../deploy/live/clusters-own.ts";
import type { Found } from "../../deploy/live/found.ts";
import { at, type ValueObject } from "../../policies/model/value.ts";
import { found } from "./support/live.ts";

const bootstrap = { labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } };
const rbac = "rbac.authorization.k8s.io/v1";

function binding(name: string, ...subjects: readonly ValueObject[]): Found {
  return found(rbac, "ClusterRoleBinding", name, { subjects }, bootstrap);
}

const group = (name: string) => ({ kind: "Group", name });

const clusters: readonly { title: string; object: Found; own: boolean }[] = [
  {
    title: "the root certificate of every namespace",
    object: found("v1", "ConfigMap", "shop/kube-root-ca.crt"),
    own: true,
  },
  {
    title: "a ConfigMap of that name of another group",
    object: found("example.com/v1", "ConfigMap", "shop/kube-root-ca.crt"),
    own: false,
  },
  {
    title: "the default account",
    object: found("v1", "ServiceAccount", "shop/default"),
    own: true,
  },
  { title: "another account", object: found("v1", "ServiceAccount", "shop/admin"), own: false },
  {
    title: "an account of the controller manager",
    object: found("v1", "ServiceAccount", "kube-system/job-controller"),
    own: true,
  },
  {
    title: "an account of that name elsewhere",
    object: found("v1", "ServiceAccount", "shop/job-controller"),
    own: false,
  },
  { title: "a node", object: found("v1", "Node", "gpu-1"), own: true },
  { title: "a namespace", object: found("v1", "Namespace", "shop"), own: false },
  {
    title: "the group of an extension",
    object: found("apiregistration.k8s.io/v1", "APIService", "v1.example.com", {
      spec: { service: { name: "x", namespace: "y" } },
    }),
    own: false,
  },
  {
    title: "a group that the API server serves itself",
    object: found("apiregistration.k8s.io/v1", "APIService", "v1.apps", { spec: {} }),
    own: true,
  },
  {
    title: "the administrators' binding",
    object: binding("cluster-admin", group("system:masters")),
    own: true,
  },
  {
    title: "the administrators' binding with somebody else in it",
    object: binding("cluster-admin", group("system:masters"), { kind: "User", name: "eve" }),
    own: false,
  },
  {
    title: "the administrators' binding with everybody in it",
    object: binding("cluster-admin", group("system:authenticated")),
    own: false,
  },
  {
    title: "the administrators' binding with every pod in it",
    object: binding("cluster-admin", group("system:serviceaccounts:shop")),
    own: false,
  },
  {
    title: "what everybody may ask",
    object: binding("system:discovery", group("system:authenticated")),
    own: true,
  },
  {
    title: "a binding that only carries the label",
    object: binding("helpful", group("system:masters")),
    own: false,
  },
  {
    title: "a pod that a node reads from a file",
    object: found(
      "v1",
      "Pod",
      "kube-system/kube-apiserver-a",
      {},
      {
        annotations: { "kubernetes.io/config.mirror": "1" },
        ownerReferences: [{ kind: "Node", name: "a", uid: "n" }],
      },
    ),
    own: true,
  },
  {
    title: "a pod of another namespace that a node reads from a file",
    object: found(
      "v1",
      "Pod",
      "shop/x",
      {},
      {
        annotations: { "kubernetes.io/config.mirror": "1" },
        ownerReferences: [{ kind: "Node", name: "a", uid: "n" }],
      },
    ),
    own: false,
  },
];

for (const { title, object, own } of clusters) {
  test(`${title} ${own ? "comes with the cluster" : "does not come with the cluster"}`, (t) => {
    t.is(isClustersOwn(object), own);
  });
}

const aggregate = "rbac.authorization.k8s.io/aggregate-to-";

test("the labels by which Kubernetes builds its own roles from each other are passed over, others are not", (t) => {
  const role = (name: string, ...targets: readonly string[]) => {
    const labels = Object.fromEntries(targets.map((target) => [`${aggregate}${target}`, "true"]));
    const own = { "kubernetes.io/bootstrapping": "rbac-defaults" };
    return found(rbac, "ClusterRole", name, {}, { labels: { ...labels, ...own } });
  };
  const left = (each: Found) =>
    Object.keys(Object(at(withoutOwnAggregation(each), "metadata", "labels")))
      .filter((key) => key.startsWith(aggregate))
      .map((key) => key.slice(aggregate.length));
  t.deepEqual(left(role("edit", "admin")), []);
  t.deepEqual(left(role("view", "edit", "view")), ["view"]);
  t.deepEqual(left(role("helpful", "admin")), ["admin"]);
});
