import type { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { PlacementGroup } from "@pulumi/aws/ec2/placementGroup.js";
import { NodeGroup, type NodeGroupArgs } from "@pulumi/aws/eks/nodeGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { gpuPoolSelector, gpuTaint } from "../../lib/gpu-pool.ts";
import { gpuInstanceTypes } from "../../lib/instance-types.ts";
import type { GpuPoolArgs } from "./gpu-pool-args.ts";
import { defaultGpuNodeImage, gpuNodeImages } from "./node-images.ts";
import { createNodeLaunchTemplate } from "./node-launch-template.ts";

export interface GpuNodePoolArgs extends GpuPoolArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly nodeRoleArn: pulumi.Input<string>;
  /** Private subnet in the pool's zone. */
  readonly subnetId: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  /** ARN of the key that encrypts root volumes. */
  readonly volumeKeyArn: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  /** What nodes need before they can join. */
  readonly waitFor: readonly pulumi.Resource[];
}

/** GPU nodes of one type in one zone that only GPU work is placed on. */
export class GpuNodePool extends pulumi.ComponentResource {
  /** The managed node group; wait for it, not for the component. */
  readonly nodeGroup: NodeGroup;

  constructor(name: string, args: GpuNodePoolArgs, opts: pulumi.ComponentResourceOptions) {
    const { waitFor, ...shape } = args;
    super("llm:cluster:GpuNodePool", name, shape, opts);
    const template = createTemplate(name, args, { parent: this });
    this.nodeGroup = new NodeGroup(name, gpuNodeGroup(args, template), {
      parent: this,
      dependsOn: [...waitFor],
    });
    this.registerOutputs({ nodeGroupArn: this.nodeGroup.arn });
  }
}

function createTemplate(
  name: string,
  args: GpuNodePoolArgs,
  opts: pulumi.CustomResourceOptions,
): LaunchTemplate {
  const { amiType = defaultGpuNodeImage, instanceType, efa = false, tags } = args;
  const { dataDevice, otherDevices, userData } = gpuNodeImages[amiType];
  const group = args.placementGroup === true ? createPlacementGroup(name, tags, opts) : undefined;
  return createNodeLaunchTemplate(
    name,
    {
      ...args,
      dataDevice,
      otherDevices,
      userData: userData(),
      efaInterfaces: efa ? gpuInstanceTypes[instanceType].efaInterfaces : 0,
      ...(group === undefined ? {} : { placementGroupName: group.name }),
      tags: { ...tags, Name: name },
    },
    opts,
  );
}

function createPlacementGroup(
  name: string,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): PlacementGroup {
  return new PlacementGroup(name, { strategy: "cluster", tags }, opts);
}

function gpuNodeGroup(args: GpuNodePoolArgs, template: LaunchTemplate): NodeGroupArgs {
  const { amiType = defaultGpuNodeImage, count, minCount, maxCount, capacity } = args;
  const block = capacity?.kind === "capacity-block" ? capacity : undefined;
  return {
    clusterName: args.clusterName,
    nodeRoleArn: args.nodeRoleArn,
    subnetIds: [args.subnetId],
    amiType,
    releaseVersion: args.releaseVersion,
    capacityType: block === undefined ? "ON_DEMAND" : "CAPACITY_BLOCK",
    launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
    scalingConfig: {
      // EKS itself takes a block's nodes down to none before its end.
      minSize: minCount ?? (block === undefined ? count : 0),
      maxSize: maxCount ?? block?.instances ?? count,
      desiredSize: count,
    },
    // Machines of this kind are rarely spare: take a node down before its replacement comes.
    updateConfig: { maxUnavailable: 1, updateStrategy: "MINIMAL" },
    nodeRepairConfig: { enabled: args.nodeRepair ?? false },
    labels: gpuPoolSelector,
    taints: [{ key: gpuTaint.key, effect: "NO_SCHEDULE" }],
    tags: args.tags,
  };
}
