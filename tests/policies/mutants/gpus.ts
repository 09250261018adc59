import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { kube, resource } from "../good-graph.ts";
import {
  added,
  engine,
  engineMutant,
  enginePath,
  type Mutant,
  podPath,
  template,
} from "./mutant.ts";

function limits(title: string, name: string): Mutant {
  const at = `${enginePath}.resources.limits["${name}"]`;
  return engineMutant("W08", title, [...engine, "resources", "limits", name], "1", at);
}

function env(title: string, name: string): Mutant {
  const path = [...engine, "env", 4];
  return engineMutant("W08", title, path, { name, value: "all" }, `${enginePath}.env[4]`);
}

function config(name: string, data: Value): Resource {
  return kube("core/v1:ConfigMap", name, "kube-system", { data });
}

const sliced =
  "version: v1\nsharing:\n  timeSlicing:\n    resources:\n      - name: nvidia.com/gpu\n        replicas: 4\n";
const odd =
  '{"version": "v1", "Sharing": {"MPS": {"Resources": [{"name": "nvidia.com/gpu", "Replicas": 2}]}}}';

function clusterPolicy(spec: ValueObject): Resource {
  return kube("nvidia.com/v1:ClusterPolicy", "gpu", undefined, { spec });
}

function policy(title: string, spec: ValueObject, path: string): Mutant {
  return added("W08", title, clusterPolicy(spec), "ClusterPolicy gpu", path);
}

function claim(title: string, devices: ValueObject, path: string): Mutant {
  const body = { spec: { spec: { devices } } };
  const extra = kube("resource.k8s.io/v1:ResourceClaimTemplate", "gpu", "inference", body);
  return added(
    "W08",
    title,
    extra,
    "ResourceClaimTemplate inference/gpu",
    `spec.spec.devices.${path}`,
  );
}

const named = policy(
  "configuration of the device plugin outside the graph",
  { devicePlugin: { config: { name: "p" } } },
  "spec.devicePlugin.config.name",
);

export const tenancy: readonly Mutant[] = [
  limits("share of a GPU by time", "nvidia.com/gpu.shared"),
  limits("share of a partition", "nvidia.com/mig-1g.10gb.shared"),
  limits("share of memory by another plugin", "aliyun.com/gpu-mem"),
  limits("virtual GPU", "nvidia.com/GRID_A100-10C"),
  env("every GPU of the node by a variable", "NVIDIA_VISIBLE_DEVICES"),
  env("client of MPS", "CUDA_MPS_PIPE_DIRECTORY"),
  engineMutant(
    "W08",
    "every GPU of the node by a mount",
    [...engine, "volumeMounts", 3],
    { name: "tmp", mountPath: "/var/run/nvidia-container-devices/all" },
    `${enginePath}.volumeMounts[3]`,
  ),
  engineMutant(
    "W08",
    "GPU by annotation",
    ["spec", "template", "metadata", "annotations"],
    { "cdi.k8s.io/gpu": "nvidia.com/gpu=all" },
    'spec.template.metadata.annotations["cdi.k8s.io/gpu"]',
  ),
  engineMutant(
    "W08",
    "claim that several pods may hold",
    [...template, "resourceClaims"],
    [{ name: "gpu", resourceClaimName: "gpu" }],
    `${podPath}.resourceClaims[0]`,
  ),
  engineMutant(
    "W08",
    "claim of an unknown template",
    [...template, "resourceClaims"],
    [{ name: "gpu", resourceClaimTemplateName: "gpu" }],
    `${podPath}.resourceClaims[0].resourceClaimTemplateName`,
  ),
  engineMutant(
    "W08",
    "no pool",
    [...template, "nodeSelector"],
    undefined,
    `${podPath}.nodeSelector`,
  ),
  engineMutant(
    "W08",
    "pool that every node is in",
    [...template, "nodeSelector"],
    { "kubernetes.io/os": "linux" },
    `${podPath}.nodeSelector`,
  ),
  engineMutant(
    "W08",
    "unknown pool",
    [...template, "nodeSelector"],
    unknown,
    `${podPath}.nodeSelector`,
  ),
  engineMutant(
    "W08",
    "no toleration",
    [...template, "tolerations"],
    undefined,
    `${podPath}.tolerations`,
  ),
  engineMutant(
    "W08",
    "toleration of everything",
    [...template, "tolerations"],
    [{ operator: "Exists" }],
    `${podPath}.tolerations`,
  ),
  added(
    "W08",
    "time-slicing",
    config("plugin", { any: sliced }),
    "ConfigMap kube-system/plugin",
    "data.any",
  ),
  added(
    "W08",
    "MPS in another spelling",
    config("plugin", { any: odd }),
    "ConfigMap kube-system/plugin",
    "data.any",
  ),
  {
    ...named,
    title: "configuration of the device plugin that cannot be read",
    resources: [...named.resources, config("p", { any: "version: [" })],
    object: "ConfigMap kube-system/p",
    path: "data.any",
  },
  named,
  policy(
    "unknown policy of the operator",
    { devicePlugin: { config: { name: unknown } } },
    "spec.devicePlugin.config.name",
  ),
  policy(
    "configuration by a variable",
    { devicePlugin: { env: [{ name: "CONFIG_FILE", value: "/x" }] } },
    "spec.devicePlugin.env[0].name",
  ),
  policy("virtual GPUs", { vgpuManager: { enabled: true } }, "spec.vgpuManager.enabled"),
  added(
    "W08",
    "values of a chart",
    resource("kubernetes:helm.sh/v4:Chart", "plugin", {
      values: { config: { map: { default: sliced } } },
    }),
    "kubernetes:helm.sh/v4:Chart plugin",
    "values",
  ),
  added(
    "W08",
    "daemon of MPS",
    kube("apps/v1:DaemonSet", "mps", "kube-system", {
      spec: {
        template: {
          spec: { containers: [{ name: "m", command: ["nvidia-cuda-mps-control", "-f"] }] },
        },
      },
    }),
    "DaemonSet kube-system/mps",
    `${podPath}.containers[0]`,
  ),
  claim(
    "claim that shares its device",
    { config: [{ opaque: { parameters: { sharing: { strategy: "TimeSlicing" } } } }] },
    "config[0].opaque.parameters.sharing.strategy",
  ),
  claim(
    "claim that looks into devices in use",
    { requests: [{ exactly: { deviceClassName: "gpu.nvidia.com", adminAccess: true } }] },
    "requests[0].exactly.adminAccess",
  ),
  added(
    "W08",
    "GPU node that anything may be placed on",
    kube("core/v1:NodePatch", "gpu-1", undefined, {
      metadata: { name: "gpu-1", labels: { "private-llm/pool": "gpu" } },
      spec: { taints: [{ key: "nvidia.com/gpu", effect: "PreferNoSchedule" }] },
    }),
    "NodePatch gpu-1",
    "spec.taints",
  ),
  added(
    "W08",
    "GPU node group without a taint",
    resource("aws:eks/nodeGroup:NodeGroup", "gpu", { amiType: "AL2023_x86_64_NVIDIA" }),
    "aws:eks/nodeGroup:NodeGroup gpu",
    "taints",
  ),
];

/** Configurations that give every pod GPUs of its own. */
export const ownGpus: readonly Resource[] = [
  clusterPolicy({
    devicePlugin: { enabled: true, config: { name: "plugin" } },
    mig: { strategy: "mixed" },
  }),
  config("plugin", {
    mixed:
      "version: v1\nflags:\n  migStrategy: mixed\nsharing:\n  timeSlicing:\n    resources: []\n",
  }),
  config("dashboard", { text: "time-slicing: [" }),
  kube("core/v1:NodePatch", "gpu-1", undefined, {
    metadata: { name: "gpu-1", labels: { "private-llm/pool": "gpu" } },
    spec: { taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] },
  }),
];
