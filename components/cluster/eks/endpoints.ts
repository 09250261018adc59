import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type * as pulumi from "@pulumi/pulumi";
import type { EksClusterArgs } from "./eks-args.ts";
import { interfaceEndpointPolicy, s3EndpointPolicy } from "./policies.ts";
import type { PrivateNetwork } from "./private-network.ts";

/** Services of AWS that nodes and add-ons call; source: EKS user guide, private clusters, 2026-11. */
export const interfaceServices = [
  "autoscaling",
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "ssm",
  "sts",
] as const;

export interface Endpoints {
  readonly securityGroup: SecurityGroup;
  readonly s3: VpcEndpoint;
  /** All of them; nodes that start earlier cannot join. */
  readonly all: readonly VpcEndpoint[];
}

export function createEndpoints(
  name: string,
  args: EksClusterArgs,
  network: PrivateNetwork,
  opts: pulumi.CustomResourceOptions,
): Endpoints {
  const { vpcId } = network;
  const securityGroup = endpointSecurityGroup(name, args, vpcId, opts);
  const common = (service: string) => ({
    vpcId,
    serviceName: `com.amazonaws.${args.region}.${service}`,
    tags: { ...args.tags, Name: `${args.clusterName}-${service}` },
  });
  const s3 = new VpcEndpoint(
    `${name}-s3`,
    {
      ...common("s3"),
      vpcEndpointType: "Gateway",
      routeTableIds: [network.routeTable.id],
      policy: s3EndpointPolicy(args.region, args),
    },
    opts,
  );
  const interfaces = interfaceServices.map(
    (service) =>
      new VpcEndpoint(
        `${name}-${service}`,
        {
          ...common(service),
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: [...network.subnets.values()].map(({ id }) => id),
          securityGroupIds: [securityGroup.id],
          policy: interfaceEndpointPolicy(args),
        },
        opts,
      ),
  );
  return { securityGroup, s3, all: [s3, ...interfaces] };
}

/** Answers HTTPS from inside the VPC and starts no connection. */
function endpointSecurityGroup(
  name: string,
  args: EksClusterArgs,
  vpcId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): SecurityGroup {
  const group = new SecurityGroup(
    `${name}-endpoints`,
    {
      vpcId,
      description: "Interface endpoints of the VPC",
      // Said, since AWS opens a group that nobody says anything about.
      egress: [],
      tags: { ...args.tags, Name: `${args.clusterName}-endpoints` },
    },
    opts,
  );
  new SecurityGroupIngressRule(
    `${name}-endpoints-from-vpc`,
    {
      securityGroupId: group.id,
      description: "HTTPS from the VPC",
      cidrIpv4: args.vpcCidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      tags: args.tags,
    },
    opts,
  );
  return group;
}
