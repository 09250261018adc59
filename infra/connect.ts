import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BareMetalCluster } from "../components/cluster/bare-metal/bare-metal-cluster.ts";
import { ExistingEksCluster } from "../components/cluster/eks/existing-eks-cluster.ts";
import type { GpuCluster } from "../components/cluster/gpu-cluster.ts";
import { LocalCluster } from "../components/cluster/local/local-cluster.ts";
import { readsWeights } from "../components/engines/engines.ts";
import { counterVolumeGib } from "../components/gateway/limits/limits.ts";
import { servedCheckpoint } from "../components/lib/models/checkpoint.ts";
import { weightsVolumeGib } from "../components/model-server/weights-volume.ts";
import type { PlatformConfig } from "./config/platform.ts";

/** A cluster to deploy on, and the leaf resources that must exist before pods can be placed on it. */
interface Connection {
  readonly cluster: GpuCluster;
  readonly capacity: readonly pulumi.Resource[];
}

/** The cluster that a platform stack names. */
export function connect(stack: PlatformConfig): Connection {
  const config = stack.cluster;
  switch (config.kind) {
    case "local": {
      const cluster = new LocalCluster("local", {
        provider: contextProvider(config.context),
        network: config.network,
        nodes: config.nodes,
        // Proxies and the staging of weights belong on none of the machines with GPUs.
        ...(stack.gateway === undefined && stack.weights.source === undefined
          ? {}
          : { systemNodes: 2 }),
        volumesGib: stack.weights.volume.kind === "class" ? ownVolumesGib(stack) : [],
        ...(stack.gateway?.limits === undefined ? {} : { singleVolumesGib: [counterVolumeGib] }),
      });
      return { cluster, capacity: cluster.capacity };
    }
    case "eks": {
      const made = new pulumi.StackReference(config.clusterStack);
      const provider = new k8s.Provider("cluster", {
        kubeconfig: pulumi.secret(made.requireOutput("kubeconfig")),
      });
      const { network, nodes, storage } = config;
      const cluster = new ExistingEksCluster({ provider, network, nodes, storage });
      return { cluster, capacity: [] };
    }
    case "bare-metal": {
      const { network, hosts, storage } = config;
      const provider = contextProvider(config.context);
      const cluster = new BareMetalCluster("cluster", { provider, network, hosts, storage });
      return { cluster, capacity: cluster.adopted };
    }
    default:
      config satisfies never;
      throw new Error("unreachable");
  }
}

/** Each model that reads weights has a volume of its own. */
function ownVolumesGib({ models }: PlatformConfig): number[] {
  return models
    .filter(({ engine }) => readsWeights(engine))
    .map((model) => weightsVolumeGib(servedCheckpoint(model).weightsGb));
}

/**
 * A cluster by the name of its kubeconfig context, so that whatever context happens to be current is
 * never used. The kubeconfig itself comes from the stack's secret where one is set, else from KUBECONFIG.
 */
function contextProvider(context: string): k8s.Provider {
  const kubeconfig = new pulumi.Config().getSecret("kubeconfig");
  return new k8s.Provider(
    "cluster",
    kubeconfig === undefined ? { context } : { context, kubeconfig },
  );
}
