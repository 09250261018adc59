import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import type { NodeGroup } from "@pulumi/aws/eks/nodeGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import type { EksClusterArgs } from "./eks-args.ts";
import { GpuNodePool } from "./gpu-node-pool.ts";
import type { PrivateNetwork } from "./private-network.ts";
import { createRole } from "./roles.ts";
import { createSystemNodeGroup } from "./system-node-group.ts";

/** What nodes stand on. */
export interface NodeParts {
  readonly cluster: Cluster;
  readonly network: PrivateNetwork;
  readonly securityGroupId: pulumi.Input<string>;
  /** ARN of the key that encrypts root volumes. */
  readonly volumeKeyArn: pulumi.Input<string>;
  /** What nodes need before they can join, beside their role. */
  readonly waitFor: readonly pulumi.Resource[];
}

export interface NodeGroups {
  readonly system: NodeGroup;
  readonly gpuPools: readonly GpuNodePool[];
}

/** All nodes of the cluster, under one role. */
export function createNodeGroups(
  name: string,
  args: EksClusterArgs,
  parts: NodeParts,
  opts: pulumi.CustomResourceOptions,
): NodeGroups {
  const { role, attachments } = createRole(`${name}-node`, "ec2.amazonaws.com", args.tags, opts);
  const waitFor = [...parts.waitFor, ...attachments];
  const common = {
    clusterName: parts.cluster.name,
    nodeRoleArn: role.arn,
    securityGroupId: parts.securityGroupId,
    volumeKeyArn: parts.volumeKeyArn,
    tags: args.tags,
  };
  const system = createSystemNodeGroup(
    `${name}-system`,
    { ...args.systemNodes, ...common, subnetIds: subnetIds(parts.network) },
    { ...opts, dependsOn: waitFor },
  );
  const gpuPools = args.gpuPools.map(
    (pool) =>
      new GpuNodePool(
        `${name}-${pool.name}`,
        { ...pool, ...common, subnetId: subnetIn(parts.network, pool.zone), waitFor },
        opts,
      ),
  );
  return { system, gpuPools };
}

export function subnetIds({ subnets }: PrivateNetwork): readonly pulumi.Output<string>[] {
  return [...subnets.values()].map(({ id }) => id);
}

function subnetIn({ subnets }: PrivateNetwork, zone: string): pulumi.Output<string> {
  const subnet = subnets.get(zone);
  if (subnet === undefined) throw new Error(`zone "${zone}" has no subnet`);
  return subnet.id;
}
