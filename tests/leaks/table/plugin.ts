import type { ValueObject } from "../../../policies/model/value.ts";
import type { Leak } from "../leak.ts";
import { add, type Change, edit, handle, kube, withImages } from "../support/change.ts";
import { append, replace, set } from "../support/edit.ts";
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

/** What the network plugin does, or does not do, with policies. Rows 8 to 11. */
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
    // It takes a connection that is older than the policy, which neither a graph nor a new pod has.
    column: "out-of-reach",
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
];
