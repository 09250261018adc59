import type { types } from "@pulumi/kubernetes";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { createAddon } from "./addons.ts";

export interface ClusterDnsArgs {
  readonly clusterName: pulumi.Input<string>;
  /** Version of the coredns add-on, such as `v1.13.2-eksbuild.1`. */
  readonly version: string;
  /** Nodes, pods and the API server's interfaces. */
  readonly vpcCidr: string;
  readonly serviceCidr: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The nodes that it runs on. */
  readonly waitFor: readonly pulumi.Resource[];
}

/**
 * Names of Services, and of nothing else: without an upstream, a DNS query carries nothing out of
 * the cluster. Needs both an AWS and a Kubernetes provider, since the CNI's strict mode keeps the pods
 * from the API server, and the add-on from becoming ready, until their network policy exists.
 */
export class ClusterDns extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterDnsArgs, opts: pulumi.ComponentResourceOptions) {
    const { waitFor, ...shape } = args;
    super("llm:cluster:ClusterDns", name, shape, opts);
    const policy = new NetworkPolicy(name, resolverEdges(args), { parent: this });
    createAddon(
      name,
      {
        clusterName: args.clusterName,
        addonName: "coredns",
        addonVersion: args.version,
        configuration: { corefile },
        tags: args.tags,
      },
      { parent: this, dependsOn: [...waitFor, policy] },
    );
    this.registerOutputs({});
  }
}

/** No `forward`: what is not a name of the cluster does not exist. */
const corefile = `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    cache 30
    loop
    reload
    loadbalance
}
`;

/** Pods of the cluster may ask; the resolver itself reaches the API server and nothing else. */
function resolverEdges({ vpcCidr, serviceCidr }: ClusterDnsArgs) {
  return {
    metadata: { name: "cluster-dns", namespace: "kube-system" },
    spec: {
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ namespaceSelector: {} }],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
      // Policies may be applied before or after the Service address is translated: both ranges.
      egress: [
        {
          to: [{ ipBlock: { cidr: vpcCidr } }, { ipBlock: { cidr: serviceCidr } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    },
  } satisfies types.input.networking.v1.NetworkPolicy;
}
