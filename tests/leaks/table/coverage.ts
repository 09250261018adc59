import type { Settings } from "../../../policies/model/settings.ts";
import { unknown } from "../../../policies/model/value.ts";
import type { Leak } from "../leak.ts";
import { add, aws, edit, kube, withImages } from "../support/change.ts";
import { append, replace, set, unset } from "../support/edit.ts";
import { enginePod, model } from "../support/engine.ts";
import { container, podSpec } from "../support/objects.ts";

function withoutEnforcement(settings: Settings): Settings {
  const { network } = settings;
  if (network === undefined) throw new Error("the stack declares no network");
  return { ...settings, network: { ...network, cni: "none" } };
}

/** Pods, clusters and containers that policies do not reach. Rows 12 to 14. */
export const coverage: readonly Leak[] = [
  {
    row: 12,
    title: "A sidecar reaches by loopback what the network keeps apart",
    catchers: ["W05"],
    column: "policy",
    variants: [
      {
        name: "sidecar",
        title: "a proxy beside the engine",
        stack: "prod",
        change: withImages((image) =>
          enginePod(
            append("spec.containers", container("proxy", image("docker.io/envoyproxy/envoy"))),
          ),
        ),
      },
      {
        name: "native-sidecar",
        title: "a proxy that is an init container and never ends",
        stack: "staging",
        change: withImages((image) =>
          enginePod(
            append(
              "spec.initContainers",
              container("proxy", image("docker.io/envoyproxy/envoy"), { restartPolicy: "Always" }),
            ),
          ),
        ),
      },
    ],
  },
  {
    row: 13,
    title: "A network plugin that takes policies and enforces none",
    catchers: ["E17"],
    column: "policy",
    variants: [
      {
        name: "addon-default",
        title: "the VPC CNI add-on without its configuration",
        stack: "staging-cluster",
        change: edit("Addon", "cluster-vpc-cni", unset("configurationValues")),
      },
      {
        name: "addon-off",
        title: "network policies switched off in the add-on to find a fault",
        stack: "staging-cluster",
        change: edit(
          "Addon",
          "cluster-vpc-cni",
          replace(
            "configurationValues",
            '"enableNetworkPolicy":"true"',
            '"enableNetworkPolicy":"false"',
          ),
        ),
      },
      {
        name: "auto-mode",
        title: "EKS brings nodes and a plugin of its own, which enforces once a ConfigMap says so",
        stack: "staging-cluster",
        change: edit(
          "Cluster",
          "cluster",
          set("computeConfig", {
            enabled: true,
            nodePools: ["general-purpose"],
            nodeRoleArn: unknown,
          }),
        ),
      },
      {
        name: "no-plugin",
        title: "the stack file of real hosts says that nothing enforces policies",
        stack: "prod",
        settings: withoutEnforcement,
        change: edit("BareMetalCluster", "cluster", set("network.cni", "none")),
      },
      {
        name: "cilium-never",
        title: "Cilium is told never to enforce",
        stack: "prod",
        change: add(
          kube("v1", "ConfigMap", "kube-system/cilium-config", {
            data: { "enable-policy": "never" },
          }),
        ),
      },
    ],
  },
  {
    row: 14,
    title: "Pods that the network plugin does not cover",
    catchers: ["E17"],
    column: "policy",
    variants: [
      {
        name: "fargate",
        title: "the inference namespace runs on Fargate, where the VPC CNI has no agent",
        stack: "staging-cluster",
        change: add(
          aws("eks/fargateProfile", "serverless", {
            clusterName: unknown,
            podExecutionRoleArn: unknown,
            subnetIds: [unknown],
            selectors: [{ namespace: "inference" }],
          }),
        ),
      },
      {
        name: "windows",
        title: "nodes of an operating system for which there is no agent",
        stack: "staging-cluster",
        change: edit("NodeGroup", "cluster-system", set("amiType", "WINDOWS_CORE_2022_x86_64")),
      },
      {
        name: "bare-pod",
        title: "a pod without an owner, which agents of some versions pass over",
        stack: "staging",
        change: withImages((image) =>
          add(
            kube("v1", "Pod", "inference/scratch", {
              metadata: { labels: { app: "scratch" } },
              spec: podSpec(model, [container("shell", image("docker.io/library/busybox"))]),
            }),
          ),
        ),
      },
    ],
  },
];
