import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { gpuTaint, gpuToleration } from "../../lib/gpu-pool.ts";
import { type GpuModel, gpuFacts } from "../../lib/gpus.ts";
import type { ClusterNetwork, ClusterStorage, GpuCluster, GpuNodes } from "../gpu-cluster.ts";

export interface LocalClusterArgs {
  /** Provider of the local control plane; see tools/cluster. */
  readonly provider: k8s.Provider;
  readonly network: ClusterNetwork;
  /** Simulated GPU nodes. */
  readonly nodes: { readonly gpu: GpuModel; readonly gpusPerNode: number; readonly count: number };
  /** Simulated nodes for what needs no GPU, each in a zone of its own. @default - none */
  readonly systemNodes?: number;
  /** Sizes of simulated volumes for weights, GiB; one volume each, since nothing provisions them. */
  readonly volumesGib: readonly number[];
  /** The same for what one node mounts. @default - none */
  readonly singleVolumesGib?: readonly number[];
}

/** Classes of simulated volumes, by how many nodes may mount one. */
const classes = {
  weights: { name: "simulated-shared", volume: "volume", access: "ReadWriteMany" },
  single: { name: "simulated-single", volume: "single-volume", access: "ReadWriteOnce" },
} as const;

/** Host side of a p4de.24xlarge, so that requests are weighed as on the machine they stand for. */
const hostCapacity = { cpu: "96", memory: "1152Gi", pods: "110", "ephemeral-storage": "8000Gi" };

/** Of an m7i.4xlarge. */
const systemCapacity = { cpu: "16", memory: "64Gi", pods: "110", "ephemeral-storage": "100Gi" };

/**
 * A real control plane with simulated nodes and volumes: admission, scheduling and rollout are
 * Kubernetes' own, only containers do not run. What this proves ends at the container.
 */
export class LocalCluster extends pulumi.ComponentResource implements GpuCluster {
  readonly provider: k8s.Provider;
  readonly network: ClusterNetwork;
  readonly storage: ClusterStorage = {
    weightsClass: classes.weights.name,
    metricsClass: classes.single.name,
  };
  readonly gpuNodes: GpuNodes;
  /** Nodes and volumes that pods need before they can be placed. */
  readonly capacity: readonly pulumi.Resource[];

  constructor(name: string, args: LocalClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("llm:cluster:LocalCluster", name, shape(args), { ...opts, provider: args.provider });
    this.provider = args.provider;
    this.network = args.network;
    this.gpuNodes = {
      ...args.nodes,
      selector: { "nvidia.com/gpu.product": gpuFacts[args.nodes.gpu].product },
      tolerations: [gpuToleration],
      simulated: true,
    };
    this.capacity = [
      ...this.volumes(name, "weights", args.volumesGib),
      ...this.volumes(name, "single", args.singleVolumesGib ?? []),
      ...Array.from({ length: args.nodes.count }, (_, index) => {
        const node = `${name}-gpu-${index + 1}`;
        return new k8s.core.v1.Node(node, simulatedNode(node, args.nodes), {
          parent: this,
          transformations: [
            withCapacity({ ...hostCapacity, "nvidia.com/gpu": String(args.nodes.gpusPerNode) }),
          ],
        });
      }),
      ...Array.from({ length: args.systemNodes ?? 0 }, (_, index) => {
        const node = `${name}-system-${index + 1}`;
        return new k8s.core.v1.Node(node, simulatedSystemNode(node, index), {
          parent: this,
          transformations: [withCapacity(systemCapacity)],
        });
      }),
    ];
    this.registerOutputs({});
  }

  /** A class with its volumes; none where there is no volume of it. */
  private volumes(
    name: string,
    kind: keyof typeof classes,
    sizesGib: readonly number[],
  ): readonly pulumi.Resource[] {
    if (sizesGib.length === 0) return [];
    const storageClass = new k8s.storage.v1.StorageClass(
      `${name}-${classes[kind].name}`,
      {
        metadata: { name: classes[kind].name },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "Immediate",
      },
      { parent: this },
    );
    const volumes = sizesGib.map((gib, index) => {
      const volume = `${name}-${classes[kind].volume}-${index + 1}`;
      return new k8s.core.v1.PersistentVolume(volume, simulatedVolume(volume, kind, gib), {
        parent: this,
        dependsOn: [storageClass],
      });
    });
    return [storageClass, ...volumes];
  }
}

/** The arguments as policies and state may see them: without the provider, which is a resource. */
function shape({ provider: _provider, ...args }: LocalClusterArgs) {
  return args;
}

/** A node without GPUs and without a taint. */
function simulatedSystemNode(name: string, index: number): k8s.core.v1.NodeArgs {
  return {
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": "simulated",
        "topology.kubernetes.io/zone": `simulated-${index + 1}`,
        "private-llm/simulated": "true",
      },
      annotations: { "kwok.x-k8s.io/node": "fake" },
    },
  };
}

/** A node as the kubelet and GPU feature discovery of a real one would publish it. */
function simulatedNode(name: string, nodes: LocalClusterArgs["nodes"]): k8s.core.v1.NodeArgs {
  const facts = gpuFacts[nodes.gpu];
  return {
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": "simulated",
        "nvidia.com/gpu.present": "true",
        "nvidia.com/gpu.product": facts.product,
        "nvidia.com/gpu.count": String(nodes.gpusPerNode),
        "nvidia.com/gpu.memory": String(facts.memoryMib),
        "private-llm/simulated": "true",
      },
      // kwok plays the kubelet of nodes that carry this annotation.
      annotations: { "kwok.x-k8s.io/node": "fake" },
    },
    spec: { taints: [{ ...gpuTaint }] },
  };
}

/**
 * Adds what a kubelet would report. The typed arguments have no `status`, and the engine's provider
 * refuses the generic resource for a kind of the core group.
 */
function withCapacity(capacity: Readonly<Record<string, string>>): pulumi.ResourceTransformation {
  return ({ props, opts }) => ({
    props: { ...props, status: { capacity, allocatable: capacity } },
    opts,
  });
}

/** A volume that binds but can never be mounted: its driver does not exist. */
function simulatedVolume(
  name: string,
  kind: keyof typeof classes,
  gib: number,
): k8s.core.v1.PersistentVolumeArgs {
  return {
    metadata: { name, labels: { "private-llm/simulated": "true" } },
    spec: {
      capacity: { storage: `${gib}Gi` },
      accessModes: [classes[kind].access],
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: classes[kind].name,
      csi: { driver: "simulated.private-llm.invalid", volumeHandle: name },
    },
  };
}
