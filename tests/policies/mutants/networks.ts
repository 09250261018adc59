import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { aws, cloudSettings, goodCloud } from "../cloud-graph.ts";
import { kube } from "../good-graph.ts";
import { added, cloudAdded, cloudLost, cloudMutant, type Mutant } from "./mutant.ts";

const everywhere = { destinationCidrBlock: "0.0.0.0/0" };

function route(title: string, target: ValueObject, path: string): Mutant {
  return cloudAdded("S04", title, aws("ec2/route:Route", "out", { ...target }), path);
}

function inlineRoute(title: string, target: ValueObject, path: string): Mutant {
  return cloudMutant("S04", title, "RouteTable/private", ["routes"], [target], path);
}

const group = "ec2/securityGroup:SecurityGroup";
const egressRule = "vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const oldRule = "ec2/securityGroupRule:SecurityGroupRule";

export const networks: readonly Mutant[] = [
  route("default route to an internet gateway", { ...everywhere, gatewayId: "igw-1" }, "gatewayId"),
  route("default route to a NAT gateway", { ...everywhere, natGatewayId: unknown }, "natGatewayId"),
  route(
    "IPv6 route to an egress-only gateway",
    { destinationIpv6CidrBlock: "::/0", egressOnlyGatewayId: unknown },
    "egressOnlyGatewayId",
  ),
  route(
    "default route to a transit gateway",
    { ...everywhere, transitGatewayId: "tgw-1" },
    "destinationCidrBlock",
  ),
  route(
    "half of the internet to a peering",
    { destinationCidrBlock: "128.0.0.0/1", vpcPeeringConnectionId: "pcx-1" },
    "destinationCidrBlock",
  ),
  route(
    "all of IPv6 to a transit gateway",
    { destinationIpv6CidrBlock: "::/0", transitGatewayId: unknown },
    "destinationIpv6CidrBlock",
  ),
  route(
    "one public address to a network interface",
    { destinationCidrBlock: "203.0.113.7/32", networkInterfaceId: "eni-1" },
    "destinationCidrBlock",
  ),
  route(
    "unknown destination to a transit gateway",
    { destinationCidrBlock: unknown, transitGatewayId: "tgw-1" },
    "destinationCidrBlock",
  ),
  route(
    "list of prefixes to a transit gateway",
    { destinationPrefixListId: "pl-1", transitGatewayId: "tgw-1" },
    "destinationPrefixListId",
  ),
  route("unknown gateway", { ...everywhere, gatewayId: unknown }, "gatewayId"),
  route(
    "private range to an internet gateway",
    { destinationCidrBlock: "10.0.0.0/8", gatewayId: "igw-1" },
    "gatewayId",
  ),
  inlineRoute(
    "route inside the table to an internet gateway",
    { cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" },
    "routes[0].gatewayId",
  ),
  inlineRoute(
    "route inside the table to a NAT gateway",
    { cidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" },
    "routes[0].natGatewayId",
  ),
  cloudMutant("S04", "unknown routes", "RouteTable/private", ["routes"], unknown, "routes"),
  cloudAdded(
    "S04",
    "route in the main table",
    aws("ec2/defaultRouteTable:DefaultRouteTable", "main", {
      routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }],
    }),
    "routes[0].gatewayId",
  ),
  cloudAdded(
    "S04",
    "table that takes over routes of a private line",
    aws("ec2/routeTable:RouteTable", "office", { routes: [], propagatingVgws: ["vgw-1"] }),
    "propagatingVgws[0]",
  ),
  cloudAdded("S04", "internet gateway", aws("ec2/internetGateway:InternetGateway", "out", {})),
  cloudAdded("S04", "NAT gateway", aws("ec2/natGateway:NatGateway", "out", {})),
  cloudMutant(
    "S04",
    "subnet that gives public addresses",
    "Subnet/a",
    ["mapPublicIpOnLaunch"],
    true,
    "mapPublicIpOnLaunch",
  ),
  cloudAdded(
    "S04",
    "security group open to the world",
    aws(group, "open", {
      egress: [{ cidrBlocks: ["0.0.0.0/0"], protocol: "-1", fromPort: 0, toPort: 0 }],
    }),
    "egress[0].cidrBlocks[0]",
  ),
  cloudAdded(
    "S04",
    "security group open to all of IPv6",
    aws(group, "open", { egress: [{ ipv6CidrBlocks: ["::/0"], protocol: "-1" }] }),
    "egress[0].ipv6CidrBlocks[0]",
  ),
  cloudAdded(
    "S04",
    "security group with two halves of the world",
    aws(group, "open", { egress: [{ cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"], protocol: "tcp" }] }),
    "egress[0].cidrBlocks[1]",
  ),
  cloudAdded("S04", "security group of which nobody says more", aws(group, "silent", {}), "egress"),
  cloudAdded(
    "S04",
    "security group with unknown egress",
    aws(group, "x", { egress: unknown }),
    "egress",
  ),
  {
    rule: "S04",
    title: "group whose rules were removed",
    resources: goodCloud.filter(({ type }) => type !== `aws:${egressRule}`),
    object: `aws:${group} nodes`,
    path: "egress",
    settings: cloudSettings,
  },
  cloudAdded(
    "S04",
    "egress rule to the world as a resource of its own",
    aws(egressRule, "open", { securityGroupId: "sg-1", cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }),
    "cidrIpv4",
  ),
  cloudAdded(
    "S04",
    "egress rule to all of IPv6",
    aws(egressRule, "open", { securityGroupId: "sg-1", cidrIpv6: "::/0", ipProtocol: "tcp" }),
    "cidrIpv6",
  ),
  cloudAdded(
    "S04",
    "egress rule to a list of prefixes of anybody",
    aws(egressRule, "open", { securityGroupId: "sg-1", prefixListId: "pl-1", ipProtocol: "tcp" }),
    "prefixListId",
  ),
  cloudAdded(
    "S04",
    "egress rule to a group outside the stack",
    aws(egressRule, "open", {
      securityGroupId: "sg-1",
      referencedSecurityGroupId: "sg-2",
      ipProtocol: "tcp",
    }),
    "referencedSecurityGroupId",
  ),
  cloudAdded(
    "S04",
    "egress rule to an unknown range",
    aws(egressRule, "open", { securityGroupId: "sg-1", cidrIpv4: unknown, ipProtocol: "tcp" }),
    "cidrIpv4",
  ),
  cloudMutant(
    "S04",
    "listed range on a port that is not listed",
    "SecurityGroupEgressRule/to-store",
    ["toPort"],
    65_535,
    "cidrIpv4",
  ),
  cloudAdded(
    "S04",
    "older egress rule to the world",
    aws(oldRule, "open", {
      securityGroupId: "sg-1",
      type: "egress",
      cidrBlocks: ["0.0.0.0/0"],
      protocol: "-1",
    }),
    "cidrBlocks[0]",
  ),
  cloudAdded(
    "S04",
    "older rule of unknown direction to the world",
    aws(oldRule, "open", {
      securityGroupId: "sg-1",
      type: unknown,
      cidrBlocks: ["0.0.0.0/0"],
      protocol: "-1",
    }),
    "cidrBlocks[0]",
  ),
  cloudMutant(
    "S04",
    "default group that stays open",
    "DefaultSecurityGroup/default",
    ["egress"],
    [{ cidrBlocks: ["0.0.0.0/0"], protocol: "-1" }],
    "egress[0].cidrBlocks[0]",
  ),
  cloudLost("S04", "default group that nobody closes", "DefaultSecurityGroup/default", "Vpc/net"),
  cloudMutant(
    "S04",
    "node group without a template, which gets EKS' open group",
    "NodeGroup/gpu",
    ["launchTemplate"],
    undefined,
    "launchTemplate",
  ),
  cloudMutant(
    "S04",
    "launch template without a security group",
    "LaunchTemplate/gpu",
    ["vpcSecurityGroupIds"],
    undefined,
    "vpcSecurityGroupIds",
  ),
  cloudMutant(
    "S04",
    "launch template with a group outside the stack",
    "LaunchTemplate/gpu",
    ["vpcSecurityGroupIds", 1],
    "sg-0123",
    "vpcSecurityGroupIds[1]",
  ),
  cloudMutant(
    "S04",
    "launch template with one unknown group too many",
    "LaunchTemplate/gpu",
    ["vpcSecurityGroupIds", 1],
    unknown,
    "vpcSecurityGroupIds[1]",
  ),
  cloudMutant(
    "S04",
    "launch template with a public address",
    "LaunchTemplate/gpu",
    ["networkInterfaces"],
    [{ associatePublicIpAddress: "true", securityGroups: [] }],
    "networkInterfaces[0].associatePublicIpAddress",
  ),
  cloudAdded(
    "S04",
    "template that takes the group of the cluster",
    aws(
      "ec2/launchTemplate:LaunchTemplate",
      "second",
      { vpcSecurityGroupIds: [unknown] },
      { vpcSecurityGroupIds: ["eks/cluster:Cluster::main"] },
    ),
    "vpcSecurityGroupIds",
  ),
  cloudMutant(
    "S04",
    "private link to somebody else's service",
    "VpcEndpoint/s3",
    ["serviceName"],
    "com.amazonaws.vpce.us-east-1.vpce-svc-0123",
    "serviceName",
  ),
  added(
    "S04",
    "nodes whose groups are chosen by a tag",
    kube("karpenter.k8s.aws/v1:EC2NodeClass", "gpu", "monitoring", {
      spec: { securityGroupSelectorTerms: [{ tags: { open: "true" } }] },
    }),
    "EC2NodeClass monitoring/gpu",
    "spec.securityGroupSelectorTerms",
  ),
];
