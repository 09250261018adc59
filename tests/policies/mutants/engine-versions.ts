import { unknown } from "../../../policies/model/value.ts";
import { kube, resource } from "../good-graph.ts";
import { podMutant, unknownEngine, variableMutant, wordsMutant } from "./engine-command.ts";
import { added, digest, engine, engineMutant, enginePath, type Mutant } from "./mutant.ts";

export const versions: readonly Mutant[] = [
  engineMutant(
    "A13",
    "no version",
    ["spec", "template", "metadata", "labels"],
    { app: "llama" },
    `${enginePath}.image`,
  ),
  engineMutant(
    "A13",
    "an old version",
    ["spec", "template", "metadata", "labels", "app.kubernetes.io/version"],
    "0.29.9",
    'spec.template.metadata.labels["app.kubernetes.io/version"]',
  ),
  engineMutant(
    "A13",
    "a candidate of the floor",
    ["spec", "template", "metadata", "labels", "app.kubernetes.io/version"],
    "v0.30.0rc1",
    'spec.template.metadata.labels["app.kubernetes.io/version"]',
  ),
  engineMutant(
    "A13",
    "a version that is none",
    ["spec", "template", "metadata", "labels", "app.kubernetes.io/version"],
    "nightly",
    'spec.template.metadata.labels["app.kubernetes.io/version"]',
  ),
  engineMutant(
    "A13",
    "an unknown version",
    ["spec", "template", "metadata", "labels", "app.kubernetes.io/version"],
    unknown,
    'spec.template.metadata.labels["app.kubernetes.io/version"]',
  ),
  engineMutant(
    "A13",
    "the version of something else",
    ["spec", "template", "metadata", "labels", "app.kubernetes.io/name"],
    "router",
    `${enginePath}.image`,
  ),
  engineMutant(
    "A13",
    "a tag that says an older version",
    [...engine, "image"],
    `registry.internal/llm/vllm:v0.29.0@${digest}`,
    `${enginePath}.image`,
  ),
  engineMutant(
    "A13",
    "a label that says another version than the tag",
    [...engine, "image"],
    `registry.internal/llm/vllm:v0.34.0@${digest}`,
    'spec.template.metadata.labels["app.kubernetes.io/version"]',
  ),
  podMutant(
    "A13",
    "an engine without a floor",
    { command: ["python3", "-m", "sglang.launch_server", "--model-path=/m"] },
    "image",
  ),
  unknownEngine("A13"),
];

export const swapped: readonly Mutant[] = [
  wordsMutant("A14", "blocks in the host's memory", ["--kv-offloading-size=100"]),
  wordsMutant("A14", "blocks with a backend of its own", ["--kv_offloading_backend", "lmcache"]),
  variableMutant(
    "A14",
    "blocks on a disk",
    { name: "LMCACHE_LOCAL_DISK", value: "file:///scratch" },
    "value",
  ),
  added(
    "A14",
    "nodes that swap",
    kube("core/v1:ConfigMap", "kubelet", "kube-system", {
      data: { kubelet: "kind: KubeletConfiguration\nfailSwapOn: false\n" },
    }),
    "ConfigMap kube-system/kubelet",
    "data.kubelet",
  ),
  added(
    "A14",
    "machines that swap",
    resource("aws:ec2/launchTemplate:LaunchTemplate", "gpu", {
      userData: Buffer.from("#!/bin/sh\nmkswap /dev/x && swapon /dev/x\n").toString("base64"),
    }),
    "aws:ec2/launchTemplate:LaunchTemplate gpu",
    "userData",
  ),
  added(
    "A14",
    "nodes of an autoscaler that swap",
    kube("karpenter.k8s.aws/v1:EC2NodeClass", "gpu", "kube-system", {
      spec: { kubelet: { failSwapOn: false } },
    }),
    "EC2NodeClass kube-system/gpu",
    "spec",
  ),
];
