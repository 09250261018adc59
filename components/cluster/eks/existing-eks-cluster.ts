import type { Provider } from "@pulumi/kubernetes/provider.js";
import { gpuPoolSelector, gpuToleration } from "../../lib/gpu-pool.ts";
import type { GpuModel } from "../../lib/gpus.ts";
import type { ClusterNetwork, ClusterStorage, GpuCluster, GpuNodes } from "../gpu-cluster.ts";

export interface ExistingEksClusterArgs {
  /** Provider made from the kubeconfig that the cluster's stack gives. */
  readonly provider: Provider;
  readonly network: ClusterNetwork;
  readonly storage: ClusterStorage;
  /** GPU nodes as the cluster's stack declares them; stated again so that a first preview can decide. */
  readonly nodes: { readonly gpu: GpuModel; readonly gpusPerNode: number; readonly count: number };
}

/** The cluster of an `EksCluster` in another stack, as the platform sees it. Makes nothing itself. */
export class ExistingEksCluster implements GpuCluster {
  readonly provider: Provider;
  readonly network: ClusterNetwork;
  readonly storage: ClusterStorage;
  readonly gpuNodes: GpuNodes;

  constructor({ provider, network, storage, nodes }: ExistingEksClusterArgs) {
    this.provider = provider;
    this.network = network;
    this.storage = storage;
    this.gpuNodes = {
      ...nodes,
      // GpuNodePool puts the label and the taint on its nodes.
      selector: gpuPoolSelector,
      tolerations: [gpuToleration],
      simulated: false,
    };
  }
}
