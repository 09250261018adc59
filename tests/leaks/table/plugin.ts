import type { Settings } from "../../../policies/model/settings.ts";
import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import type { Leak } from "../leak.ts";
import { add, aws, type Change, edit, handle, kube, withImages } from "../support/change.ts";
import { append, replace, set, unset } from "../support/edit.ts";
import { engine, enginePod, model } from "../support/engine.ts";
import { container, daemonSet, podSpec } from "../support/objects.ts";

const gpuToleration = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };

/** A DaemonSet with a proxy on every GPU node. */
function nodeProxy(place: string, pod: ValueObject, ports: readonly ValueObject[]): Change {
  return withImages((image) => {
    const squid = container("squid", image("docker.io/ubuntu/squid"), { ports });
    const spec = podSpec(place.replace(/^.*\//, ""), [squid], {
      ...pod,
      tolerations: [gpuToleration],
    });
    return add(...daemonSet(place, spec));
  });
}

function withoutEnforcement(settings: Settings): Settings {
  const { network } = settings;
  if (network === undefined) throw new Error("the stack declares no network");
  return { ...settings, network: { ...network, cni: "none" } };
}

/** What the network plugin does, or does not do, with policies. Rows 8 to 14. */
export const pluginModel: readonly Leak[] = [
  {
    row: 8,
    title: "A pod runs before its policies are in force",
    catchers: ["E17"],
    column: "policy",
    variants: [
      {
        name: "standard-mode",
        title: "the VPC CNI lets a new pod talk until its policies are programmed",
        stack: "staging-cluster",
        change: edit(
          "Addon",
          "cluster-vpc-cni",
          replace("configurationValues", '"strict"', '"standard"'),
        ),
      },
      {
        name: "mode-left-out",
        title: "the enforcing mode is left to its default",
        stack: "staging-cluster",
        change: edit(
          "Addon",
          "cluster-vpc-cni",
          set("configurationValues", JSON.stringify({ enableNetworkPolicy: "true" })),
        ),
      },
      {
        name: "model-before-walls",
        title: "the model no longer waits for its namespace's default deny",
        stack: "prod",
        change: handle("ModelServer", model, { dependencies: [] }),
      },
    ],
  },
  {
    row: 9,
    title: "A connection that was open before the deny stays open",
    catchers: [],
    column: "probe",
    variants: [],
  },
  {
    row: 10,
    title: "ICMP and protocols that no NetworkPolicy speaks of",
    catchers: ["E16", "W01"],
    column: "policy",
    variants: [
      {
        name: "raw-sockets",
        title: "the engine gets NET_RAW, to measure latency with ping",
        stack: "prod",
        change: engine(append("securityContext.capabilities.add", "NET_RAW")),
      },
      {
        name: "ping-without-capability",
        title: "a sysctl lets every group open ICMP sockets without a capability",
        stack: "staging",
        change: enginePod(
          set("spec.securityContext.sysctls", [
            { name: "net.ipv4.ping_group_range", value: "0 2147483647" },
          ]),
        ),
      },
      {
        name: "cilium-icmp",
        title: "a Cilium policy lets echo requests out",
        stack: "prod",
        unserved: "the definitions of Cilium are in no pinned module",
        change: add(
          kube("cilium.io/v2", "CiliumNetworkPolicy", "inference/ping", {
            spec: {
              endpointSelector: {},
              egress: [{ icmps: [{ fields: [{ type: 8, family: "IPv4" }] }] }],
            },
          }),
        ),
      },
    ],
  },
  {
    row: 11,
    title: "A relay on the pod's own node, which is always reachable",
    catchers: ["E15"],
    column: "policy",
    variants: [
      {
        name: "host-proxy",
        title: "a caching proxy with the host's network on the GPU nodes",
        stack: "prod",
        change: nodeProxy("monitoring/node-cache", { hostNetwork: true }, [
          { containerPort: 3128, hostPort: 3128 },
        ]),
      },
      {
        name: "host-port",
        title: "the same proxy behind a host port",
        stack: "staging",
        change: nodeProxy("gpu-operator/node-cache", {}, [{ containerPort: 3128, hostPort: 3128 }]),
      },
      {
        name: "node-local-dns",
        title: "a resolver with the host's network that forwards to the outside",
        stack: "prod",
        change: nodeProxy(
          "kube-system/node-local-dns",
          { hostNetwork: true, dnsPolicy: "Default" },
          [{ containerPort: 53, hostPort: 53, protocol: "UDP" }],
        ),
      },
    ],
  },
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
