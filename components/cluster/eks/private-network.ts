import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import type * as pulumi from "@pulumi/pulumi";
import type { EksClusterArgs } from "./eks-args.ts";
import { zoneSubnet } from "./subnet-plan.ts";

/** Subnets whose only way out is their endpoints: no internet gateway, no NAT, no route but the local one. */
export interface PrivateNetwork {
  readonly vpcId: pulumi.Input<string>;
  /** `false`: the VPC was there before, and other subnets in it are not of this stack. */
  readonly ownVpc: boolean;
  readonly routeTable: RouteTable;
  /** By zone. */
  readonly subnets: ReadonlyMap<string, Subnet>;
}

export function createPrivateNetwork(
  name: string,
  args: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): PrivateNetwork {
  const named = (suffix: string) => ({ ...args.tags, Name: `${args.clusterName}-${suffix}` });
  const vpcId = args.existingVpcId ?? createVpc(name, args, opts).id;
  const routeTable = new RouteTable(
    `${name}-private`,
    { vpcId, routes: [], tags: named("private") },
    opts,
  );
  const subnets = args.zones.map((zone) => {
    const subnet = new Subnet(
      `${name}-private-${zone}`,
      {
        vpcId,
        availabilityZone: zone,
        cidrBlock: zoneSubnet(args.vpcCidr, args.region, zone).text,
        mapPublicIpOnLaunch: false,
        tags: { ...named(`private-${zone}`), "kubernetes.io/role/internal-elb": "1" },
      },
      opts,
    );
    new RouteTableAssociation(
      `${name}-private-${zone}`,
      { subnetId: subnet.id, routeTableId: routeTable.id },
      opts,
    );
    return [zone, subnet] as const;
  });
  const ownVpc = args.existingVpcId === undefined;
  return { vpcId, ownVpc, routeTable, subnets: new Map(subnets) };
}

function createVpc(name: string, args: EksClusterArgs, opts: pulumi.CustomResourceOptions): Vpc {
  const named = (suffix: string) => ({ ...args.tags, Name: `${args.clusterName}-${suffix}` });
  const vpc = new Vpc(
    `${name}-vpc`,
    {
      cidrBlock: args.vpcCidr,
      // Both are what private names of interface endpoints need.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: named("vpc"),
    },
    opts,
  );
  // Whatever is started without a security group gets this one: it must permit nothing.
  new DefaultSecurityGroup(
    `${name}-default-security-group`,
    { vpcId: vpc.id, ingress: [], egress: [], tags: named("default-closed") },
    opts,
  );
  return vpc;
}
