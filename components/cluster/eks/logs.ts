import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { Key } from "@pulumi/aws/kms/key.js";
import type * as pulumi from "@pulumi/pulumi";
import type { EksClusterArgs } from "./eks-args.ts";
import { flowLogPolicy, trustPolicy } from "./policies.ts";
import type { PrivateNetwork } from "./private-network.ts";

/**
 * The group that EKS writes control-plane logs to. It has a fixed name and must exist first, or EKS
 * makes one without key and without end.
 */
export function createControlPlaneLogs(
  name: string,
  args: EksClusterArgs,
  key: Key,
  opts: pulumi.CustomResourceOptions,
): LogGroup {
  return logGroup(
    `${name}-control-plane-logs`,
    `/aws/eks/${args.clusterName}/cluster`,
    args,
    key,
    opts,
  );
}

/** A record of every connection that nodes and pods open or try to open. */
export function createFlowLogs(
  name: string,
  args: EksClusterArgs,
  network: PrivateNetwork,
  key: Key,
  opts: pulumi.CustomResourceOptions,
): void {
  const groupName = `/aws/vpc/${args.clusterName}/flow`;
  const group = logGroup(`${name}-flow-logs`, groupName, args, key, opts);
  const role = new Role(
    `${name}-flow-logs`,
    {
      assumeRolePolicy: trustPolicy("vpc-flow-logs.amazonaws.com", args.accountId),
      tags: args.tags,
    },
    opts,
  );
  const policy = new RolePolicy(
    `${name}-flow-logs`,
    { role: role.name, policy: flowLogPolicy(args.region, args.accountId, groupName) },
    opts,
  );
  for (const { suffix, ...target } of logged(network)) {
    new FlowLog(
      `${name}-flow-logs${suffix}`,
      {
        ...target,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags: args.tags,
      },
      { ...opts, dependsOn: [policy] },
    );
  }
}

/** The whole VPC, or in one that others use as well, the cluster's own subnets. */
function logged({ ownVpc, vpcId, subnets }: PrivateNetwork) {
  if (ownVpc) return [{ suffix: "", vpcId }];
  return [...subnets].map(([zone, { id }]) => ({ suffix: `-${zone}`, subnetId: id }));
}

function logGroup(
  name: string,
  physicalName: string,
  args: EksClusterArgs,
  key: Key,
  opts: pulumi.CustomResourceOptions,
): LogGroup {
  return new LogGroup(
    name,
    {
      name: physicalName,
      retentionInDays: args.logRetentionDays,
      kmsKeyId: key.arn,
      tags: args.tags,
    },
    opts,
  );
}
