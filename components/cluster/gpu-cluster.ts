import type * as pulumi from "@pulumi/pulumi";
import type { GpuModel } from "../lib/gpus.ts";

/** A cluster with GPU nodes, as the platform components see it, whichever way it was made. */
export interface GpuCluster {
  /** Passed to every component of the platform; there is no default provider. */
  readonly provider: pulumi.ProviderResource;
  readonly gpuNodes: GpuNodes;
  readonly storage: ClusterStorage;
  readonly network: ClusterNetwork;
}

/** The pool that models run on; one GPU model per stack. */
export interface GpuNodes {
  readonly gpu: GpuModel;
  readonly gpusPerNode: number;
  readonly count: number;
  /** Labels that select exactly these nodes. */
  readonly selector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  /** Whether anything in these nodes is real; printed wherever a claim rests on them. */
  readonly simulated: boolean;
}

export interface Toleration {
  readonly key: string;
  readonly operator: "Exists";
  readonly effect: "NoSchedule";
}

export interface ClusterStorage {
  /** Storage class that offers volumes readable by many nodes at once, for model weights. */
  readonly weightsClass: string;
  /** Storage class whose volumes one node mounts, for metrics and counters. */
  readonly metricsClass: string;
}

/** Address ranges (CIDR) and the network plugin; rules and isolation read them from config, never from outputs. */
export interface ClusterNetwork {
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly nodeCidr: string;
  /** Name of the CNI profile whose self-test backs every egress claim. */
  readonly cni: string;
}
