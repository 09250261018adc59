import { NodeGroup } from "@pulumi/aws/eks/nodeGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { systemPoolSelector } from "../../lib/gpu-pool.ts";
import type { SystemNodeGroupArgs } from "./eks-args.ts";
import { createNodeLaunchTemplate } from "./node-launch-template.ts";

export interface SystemNodesArgs extends SystemNodeGroupArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly nodeRoleArn: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  /** ARN of the key that encrypts root volumes. */
  readonly volumeKeyArn: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Nodes for everything that asks for no GPU. */
export function createSystemNodeGroup(
  name: string,
  args: SystemNodesArgs,
  opts: pulumi.CustomResourceOptions,
): NodeGroup {
  const template = createNodeLaunchTemplate(
    name,
    { ...args, tags: { ...args.tags, Name: name } },
    // The template needs none of what the nodes wait for.
    opts.parent === undefined ? {} : { parent: opts.parent },
  );
  return new NodeGroup(
    name,
    {
      clusterName: args.clusterName,
      nodeRoleArn: args.nodeRoleArn,
      subnetIds: [...args.subnetIds],
      amiType: "AL2023_x86_64_STANDARD",
      releaseVersion: args.releaseVersion,
      capacityType: "ON_DEMAND",
      launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
      scalingConfig: { minSize: args.count, maxSize: args.count, desiredSize: args.count },
      updateConfig: { maxUnavailable: 1 },
      labels: systemPoolSelector,
      tags: args.tags,
    },
    opts,
  );
}
