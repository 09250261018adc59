import { NodePatch, type NodePatchArgs } from "@pulumi/kubernetes/core/v1/nodePatch.js";
import type { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { drainTaint, gpuPoolSelector, gpuTaint, gpuToleration } from "../../lib/gpu-pool.ts";
import type { ClusterNetwork, ClusterStorage, GpuCluster, GpuNodes } from "../gpu-cluster.ts";
import { type GpuHost, gpuPool, type InventoryHost } from "./inventory.ts";

export interface BareMetalClusterArgs {
  /** Provider of the cluster that the hosts have joined. */
  readonly provider: Provider;
  readonly network: ClusterNetwork;
  readonly storage: ClusterStorage;
  /** Hosts as `inventorySchema` accepts them. */
  readonly hosts: readonly InventoryHost[];
}

/** Hosts of one's own: the GPU nodes of a cluster that exists already, labelled and tainted by the inventory. */
export class BareMetalCluster extends pulumi.ComponentResource implements GpuCluster {
  readonly provider: Provider;
  readonly network: ClusterNetwork;
  readonly storage: ClusterStorage;
  readonly gpuNodes: GpuNodes;
  /** Labels and taints of the GPU nodes; without them no pod finds its node. */
  readonly adopted: readonly NodePatch[];

  constructor(
    name: string,
    args: BareMetalClusterArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("llm:cluster:BareMetalCluster", name, shape(args), { ...opts, provider: args.provider });
    this.provider = args.provider;
    this.network = args.network;
    this.storage = args.storage;
    this.gpuNodes = {
      ...gpuPool(args.hosts),
      selector: gpuPoolSelector,
      tolerations: [gpuToleration],
      simulated: false,
    };
    this.adopted = args.hosts.flatMap((host) =>
      host.role === "gpu"
        ? [new NodePatch(`${name}-${host.name}`, adoption(host), { parent: this })]
        : [],
    );
    this.registerOutputs({ gpuNodes: this.gpuNodes });
  }
}

/** The arguments as policies and state may see them: without the provider, which is a resource. */
function shape({ network, storage, hosts }: BareMetalClusterArgs) {
  return { network, storage, hosts };
}

/**
 * Labels and taints of a GPU node, and nothing else of it. What describes the GPU is left to GPU
 * feature discovery, which has seen it. Not forced: server-side apply takes the list of taints whole,
 * so forcing would remove the one that a controller put on a broken node. A conflict stops the update
 * instead. A node that is being emptied is the exception: its own taint is the strictest there is.
 */
function adoption(host: GpuHost): NodePatchArgs {
  const draining = host.drain === true;
  return {
    metadata: {
      name: host.name,
      ...(draining ? { annotations: { "pulumi.com/patchForce": "true" } } : {}),
      labels: {
        ...gpuPoolSelector,
        "topology.kubernetes.io/zone": host.zone,
        "private-llm/rack": host.rack,
      },
    },
    spec: { taints: [{ ...gpuTaint }, ...(draining ? [{ ...drainTaint }] : [])] },
  };
}
