import type { Resource } from "../../../policies/model/resource.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import { denyEgress, manifest, object, policy } from "../support/resources.ts";
import { app, deployment, egressPolicy, https, template, toBlock } from "./stack.ts";
import type { Vector } from "./vector.ts";

const allowed = ["10.20.0.0/16 TCP 443"];
const allow = { to: [toBlock("10.20.0.0/16")], ports: [https] };
const policies = [denyEgress("shop"), egressPolicy("shop", "allow", [allow], app("web"))];

const sources: Readonly<Record<string, ValueObject>> = {
  "core/v1:Pod": {
    ...template("web"),
    metadata: { name: "web", namespace: "shop", labels: { app: "web" } },
  },
  "core/v1:ReplicationController": { spec: { template: template("web") } },
  "apps/v1:Deployment": { spec: { template: template("web") } },
  "apps/v1:ReplicaSet": { spec: { template: template("web") } },
  "apps/v1:StatefulSet": { spec: { template: template("web") } },
  "apps/v1:DaemonSet": { spec: { template: template("web") } },
  "batch/v1:Job": { spec: { template: template("web") } },
  "batch/v1:CronJob": { spec: { jobTemplate: { spec: { template: template("web") } } } },
  "argoproj.io/v1alpha1:Rollout": { spec: { template: template("web") } },
};

/** Every kind that holds a pod template is judged by the labels of that template. */
const bySource: readonly Vector[] = Object.entries(sources).map(([type, body]) => {
  const kind = type.split(":").at(-1) ?? "";
  return {
    title: `pods of a ${kind} are selected by the labels of its template`,
    resources: [...policies, object(type, "shop", "web", body)],
    workload: `shop/${kind}/web`,
    isolated: true,
    hostNetwork: false,
    external: allowed,
  };
});

/** Resources whose pods somebody else makes, by a template that no reader knows. */
const makers: readonly (readonly [type: string, kind: string])[] = [
  ["ray.io/v1:RayCluster", "RayCluster"],
  ["leaderworkerset.x-k8s.io/v1:LeaderWorkerSet", "LeaderWorkerSet"],
  ["serving.kserve.io/v1beta1:InferenceService", "InferenceService"],
];

const byMaker: readonly Vector[] = makers.map(([type, kind]) => ({
  title: `a ${kind} makes pods that nobody can see, which may be any in its namespace`,
  resources: [...policies, object(type, "shop", "maker", { spec: {} })],
  workload: `shop/${kind}/maker`,
  covers: allowed,
  errors: [`${kind} shop/maker`],
}));

/** Resources of the Prometheus operator, which adds labels of its own to those that it is told. */
const byOperator: readonly Vector[] = ["Prometheus", "Alertmanager"].map((kind) => ({
  title: `pods of a ${kind} may carry any label, so a rule for some pods may be one for these`,
  resources: [
    ...policies,
    object(`monitoring.coreos.com/v1:${kind}`, "shop", "maker", { spec: {} }),
  ],
  workload: `shop/${kind}/maker`,
  covers: allowed,
}));

/** A policy that selects pods by a label which only their controller writes. */
function byControllerLabel(
  title: string,
  kind: string,
  expression: ValueObject,
  isolated: boolean,
  external: readonly string[],
): Vector {
  const podSelector = { matchExpressions: [expression] };
  return {
    title,
    resources: [
      object(`apps/v1:${kind}`, "shop", "web", { spec: { template: template("web") } }),
      policy("shop", "deny", { podSelector, policyTypes: ["Egress"] }),
    ],
    workload: `shop/${kind}/web`,
    isolated,
    external,
  };
}

const hash = "pod-template-hash";

const controllerLabels: readonly Vector[] = [
  byControllerLabel(
    "a controller's label exists",
    "Deployment",
    { key: hash, operator: "Exists" },
    true,
    [],
  ),
  byControllerLabel(
    "a controller's label is never absent",
    "Deployment",
    { key: hash, operator: "DoesNotExist" },
    false,
    ["everything"],
  ),
  byControllerLabel(
    "whether a controller's label has a value is unknown, so nobody is certainly isolated by it",
    "Deployment",
    { key: hash, operator: "In", values: ["5d4f8"] },
    false,
    ["everything"],
  ),
  byControllerLabel(
    "whether a controller's label lacks a value is unknown too",
    "Deployment",
    { key: hash, operator: "NotIn", values: ["5d4f8"] },
    false,
    ["everything"],
  ),
  byControllerLabel(
    "a StatefulSet names its pods in a label",
    "StatefulSet",
    { key: "statefulset.kubernetes.io/pod-name", operator: "In", values: ["web-0"] },
    false,
    ["everything"],
  ),
  {
    title: "a rule for a controller's label may open something, so it does",
    resources: [
      deployment("shop", "web"),
      denyEgress("shop"),
      egressPolicy("shop", "allow", [allow], { matchLabels: { [hash]: "5d4f8" } }),
    ],
    workload: "shop/Deployment/web",
    isolated: true,
    external: allowed,
  },
  {
    title: "a template cannot know a controller's label, whatever it writes there",
    resources: [
      deployment("shop", "web", {}, { app: "web", [hash]: "other" }),
      denyEgress("shop"),
      egressPolicy("shop", "allow", [allow], { matchLabels: { [hash]: "5d4f8" } }),
    ],
    workload: "shop/Deployment/web",
    covers: allowed,
  },
];

const denyList: Resource = manifest("core/v1:List", {
  items: [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "deny", namespace: "shop" },
      spec: { podSelector: {}, policyTypes: ["Egress"] },
    },
  ],
});

const allowList: Resource = manifest("networking.k8s.io/v1:NetworkPolicyList", {
  items: [
    {
      metadata: { name: "allow", namespace: "shop" },
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [allow] },
    },
  ],
});

const podList: Resource = manifest("core/v1:PodList", {
  items: [
    {
      metadata: { name: "web", namespace: "shop", labels: { app: "web" } },
      spec: { containers: [{ name: "main", image: "image" }] },
    },
  ],
});

const lists: readonly Vector[] = [
  {
    title: "policies in a List isolate",
    resources: [deployment("shop", "web"), denyList],
    workload: "shop/Deployment/web",
    isolated: true,
    external: [],
  },
  {
    title: "policies in a NetworkPolicyList open",
    resources: [deployment("shop", "web"), denyList, allowList],
    workload: "shop/Deployment/web",
    isolated: true,
    external: allowed,
  },
  {
    title: "pods in a PodList are judged",
    resources: [podList, denyList, allowList],
    workload: "shop/Pod/web",
    isolated: true,
    external: allowed,
  },
];

export const podSourceVectors: readonly Vector[] = [
  ...bySource,
  ...byMaker,
  ...byOperator,
  ...controllerLabels,
  ...lists,
];
