import type { Settings } from "../../../policies/model/settings.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { goodResources, kube, resource, settings } from "../good-graph.ts";
import { added, cloudAdded, cloudLost, cloudMutant, digest, type Mutant } from "./mutant.ts";

const network = {
  podCidr: "10.40.0.0/16",
  serviceCidr: "10.96.0.0/16",
  nodeCidr: "10.40.0.0/16",
  cni: "vpc-cni-strict",
} as const;

/** A stack whose plugin denies by default. */
export const strict: Settings = { ...settings, network };

const none: Settings = {
  ...settings,
  network: { ...network, nodeCidr: "10.10.0.0/16", cni: "none" },
};
const undeclared: Settings = { ...settings, network: undefined };

const deny = (namespace: string) =>
  kube("networking.k8s.io/v1:NetworkPolicy", `deny-${namespace}`, namespace, {
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });

/** The good graph with a policy for every pod, as a strict plugin needs it. */
export const covered = [...goodResources, deny("gateway"), deny("monitoring")];

function strictMutant(title: string, extra: ReturnType<typeof kube>, object: string, path: string) {
  return { rule: "E17", title, resources: [...covered, extra], object, path, settings: strict };
}

function daemon(title: string, name: string, containers: readonly Value[], path: string): Mutant {
  const workload = kube("apps/v1:DaemonSet", name, "kube-system", {
    spec: { template: { metadata: {}, spec: { hostNetwork: true, containers } } },
  });
  return added("E17", title, workload, `DaemonSet kube-system/${name}`, path);
}

function map(title: string, name: string, data: ValueObject, key: string): Mutant {
  const object = kube("core/v1:ConfigMap", name, "kube-system", { data });
  return added("E17", title, object, `ConfigMap kube-system/${name}`, `data.${key}`);
}

const container = "spec.template.spec.containers[0]";
const values = ["configurationValues"] as const;
const image = (name: string) => `registry.internal/llm/${name}@${digest}`;

const pod = (labels: Value | undefined): ValueObject => ({
  spec: {
    template: { metadata: { labels }, spec: { containers: [{ name: "x", image: image("x") }] } },
  },
});

export const plugins: readonly Mutant[] = [
  {
    rule: "E17",
    title: "stack with pods and without a plugin",
    resources: goodResources,
    object: "Namespace inference",
    path: "",
    settings: undeclared,
  },
  {
    rule: "E17",
    title: "plugin that enforces nothing, outside the local cluster",
    resources: goodResources,
    object: "Namespace inference",
    path: "",
    settings: none,
  },
  cloudLost("E17", "cluster of EKS without its network add-on", "Addon/cni", "Cluster/main"),
  cloudMutant(
    "E17",
    "add-on with its defaults",
    "Addon/cni",
    values,
    undefined,
    "configurationValues",
  ),
  cloudMutant(
    "E17",
    "add-on with network policies off",
    "Addon/cni",
    values,
    '{"enableNetworkPolicy":"false","env":{"NETWORK_POLICY_ENFORCING_MODE":"strict"}}',
    "configurationValues.enableNetworkPolicy",
  ),
  cloudMutant(
    "E17",
    "add-on in standard mode, by silence",
    "Addon/cni",
    values,
    '{"enableNetworkPolicy":"true"}',
    "configurationValues.env.NETWORK_POLICY_ENFORCING_MODE",
  ),
  cloudMutant(
    "E17",
    "add-on in standard mode",
    "Addon/cni",
    values,
    "enableNetworkPolicy: 'true'\nenv: {NETWORK_POLICY_ENFORCING_MODE: standard}\n",
    "configurationValues.env.NETWORK_POLICY_ENFORCING_MODE",
  ),
  cloudMutant(
    "E17",
    "add-on with values that are not known",
    "Addon/cni",
    values,
    unknown,
    "configurationValues",
  ),
  cloudMutant(
    "E17",
    "add-on with values that are no JSON",
    "Addon/cni",
    values,
    "{",
    "configurationValues",
  ),
  cloudAdded("E17", "pods on Fargate", aws("eks/fargateProfile:FargateProfile", "batch", {})),
  cloudLost(
    "E17",
    "cluster DNS without a policy under a strict plugin",
    "NetworkPolicy/cluster-dns",
    "Addon/dns",
    "addonName",
  ),
  cloudAdded(
    "E17",
    "add-on of unknown pods under a strict plugin",
    aws("eks/addon:Addon", "other", { addonName: "some-agent", addonVersion: "v1.0.0" }),
    "addonName",
  ),
  daemon(
    "plugin by hand without the strict mode",
    "aws-node",
    [{ name: "aws-node", image: image("cni"), env: [] }],
    container,
  ),
  daemon(
    "plugin by hand in standard mode",
    "aws-node",
    [
      {
        name: "aws-node",
        image: image("cni"),
        env: [{ name: "NETWORK_POLICY_ENFORCING_MODE", value: "standard" }],
      },
    ],
    `${container}.env[0].value`,
  ),
  daemon(
    "agent of the plugin that is turned off",
    "aws-node",
    [{ name: "aws-eks-nodeagent", image: image("agent"), args: ["--enable-network-policy=false"] }],
    container,
  ),
  map(
    "controller of network policies turned off",
    "amazon-vpc-cni",
    { "enable-network-policy-controller": "false" },
    "enable-network-policy-controller",
  ),
  map("Cilium that never enforces", "cilium-config", { "enable-policy": "never" }, "enable-policy"),
  map(
    "Cilium that only watches",
    "cilium-config",
    { "policy-audit-mode": "true" },
    "policy-audit-mode",
  ),
  map("Cilium of an unknown mode", "cilium-config", { "enable-policy": unknown }, "enable-policy"),
  added(
    "E17",
    "Cilium's chart that never enforces",
    resource("kubernetes:helm.sh/v4:Chart", "cilium", {
      chart: "oci://registry.internal/charts/cilium",
      version: "1.19.0",
      values: { policyEnforcementMode: "never" },
    }),
    "kubernetes:helm.sh/v4:Chart cilium",
    "values.policyEnforcementMode",
  ),
  added(
    "E17",
    "Calico behind other rules of the node",
    kube("crd.projectcalico.org/v1:FelixConfiguration", "default", undefined, {
      spec: { chainInsertMode: "Append" },
    }),
    "FelixConfiguration default/default",
    "spec.chainInsertMode",
  ),
  daemon(
    "plugin that knows no network policy",
    "kube-flannel-ds",
    [{ name: "flannel", image: image("flannel") }],
    `${container}.image`,
  ),
  strictMutant(
    "pods that no policy selects",
    kube("apps/v1:Deployment", "metrics", "kube-system", pod({ app: "metrics" })),
    "Deployment kube-system/metrics",
    "spec.template.metadata.labels",
  ),
  strictMutant(
    "pods without labels that no policy selects",
    kube("batch/v1:CronJob", "cleanup", "jobs", {
      spec: { jobTemplate: { spec: pod(undefined)["spec"] ?? {} } },
    }),
    "CronJob jobs/cleanup",
    "spec.jobTemplate.spec.template.metadata.labels",
  ),
  strictMutant(
    "Prometheus that no policy selects",
    kube("monitoring.coreos.com/v1:Prometheus", "main", "metrics", {
      spec: { image: image("prometheus") },
    }),
    "Prometheus metrics/main",
    "spec.podMetadata.labels",
  ),
  {
    rule: "E17",
    title: "pods whose labels are not known, beside a policy for some",
    resources: [
      ...covered,
      kube("networking.k8s.io/v1:NetworkPolicy", "some", "kube-system", {
        spec: { podSelector: { matchLabels: { app: "x" } }, policyTypes: ["Egress"] },
      }),
      kube("apps/v1:Deployment", "late", "kube-system", pod(unknown)),
    ],
    object: "Deployment kube-system/late",
    path: "spec.template.metadata.labels",
    settings: strict,
  },
];
