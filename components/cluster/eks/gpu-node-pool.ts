import type { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { NodeGroup, type NodeGroupArgs } from "@pulumi/aws/eks/nodeGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { gpuPoolSelector, gpuTaint } from "../../lib/gpu-pool.ts";
import type { GpuPoolArgs } from "./eks-args.ts";
import { createNodeLaunchTemplate } from "./node-launch-template.ts";
import { localStorageUserData } from "./user-data.ts";

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

/** GPU nodes of one type in one zone, of a fixed number, that only GPU work is placed on. */
export class GpuNodePool extends pulumi.ComponentResource {
  /** The managed node group; wait for it, not for the component. */
  readonly nodeGroup: NodeGroup;

  constructor(name: string, args: GpuNodePoolArgs, opts: pulumi.ComponentResourceOptions) {
    const { waitFor, ...shape } = args;
    super("llm:cluster:GpuNodePool", name, shape, opts);
    const template = createNodeLaunchTemplate(
      name,
      { ...args, userData: localStorageUserData(), tags: { ...args.tags, Name: name } },
      { parent: this },
    );
    this.nodeGroup = new NodeGroup(name, gpuNodeGroup(args, template), {
      parent: this,
      dependsOn: [...waitFor],
    });
    this.registerOutputs({ nodeGroupArn: this.nodeGroup.arn });
  }
}

function gpuNodeGroup(args: GpuNodePoolArgs, template: LaunchTemplate): NodeGroupArgs {
  return {
    clusterName: args.clusterName,
    nodeRoleArn: args.nodeRoleArn,
    subnetIds: [args.subnetId],
    // The image brings driver, container toolkit and fabric manager; its release pins them.
    amiType: "AL2023_x86_64_NVIDIA",
    releaseVersion: args.releaseVersion,
    capacityType: "ON_DEMAND",
    launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
    scalingConfig: { minSize: args.count, maxSize: args.count, desiredSize: args.count },
    // Machines of this kind are rarely spare: take a node down before its replacement comes.
    updateConfig: { maxUnavailable: 1, updateStrategy: "MINIMAL" },
    nodeRepairConfig: { enabled: args.nodeRepair ?? false },
    labels: gpuPoolSelector,
    taints: [{ key: gpuTaint.key, effect: "NO_SCHEDULE" }],
    tags: args.tags,
  };
}
