import { type Aws, type AwsResource, awsOf, given } from "../../cloud/aws.ts";
import {
  checkInstanceNetwork,
  checkNetwork,
  checkNodeGroup,
  checkTemplateNetwork,
} from "../../cloud/node-networks.ts";
import { openRanges } from "../../cloud/ranges.ts";
import { checkRoute } from "../../cloud/routes.ts";
import {
  checkEgressRule,
  checkGroup,
  checkInlineRule,
  type Egress,
} from "../../cloud/security-groups.ts";
import { checkSubnet, checkSubnets } from "../../cloud/subnets.ts";
import { groupOf } from "../../kubernetes/api-groups.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { elements, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

/**
 * Ids are unknown before anything exists, so which subnet a route or group serves is too: every one
 * in a stack counts as one of GPU nodes.
 */
export const closedNetworks: StackRule = {
  id: "S04",
  name: "closed-networks",
  level: "stack",
  description:
    "No route of a network leads to the internet, and every security group closes egress except to groups, endpoints and ranges that are listed.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { nsa: ["Net"] },
  remedy: "remove the way out; nodes reach services of AWS through VPC endpoints",
  check: (graph, settings) => {
    const aws = awsOf(graph);
    const egress = { aws, open: openRanges(aws, settings) };
    return [
      ...aws.all.flatMap((resource) => checks[resource.kind]?.(egress, resource) ?? []),
      ...graph.objects.flatMap(checkNodeClass),
    ];
  },
};

type Check = (egress: Egress, resource: AwsResource) => readonly Violation[];

const itself = (name: string) => name;

/** By module and class of the provider. */
const checks: Readonly<Record<string, Check>> = {
  "ec2.InternetGateway": refuse("is a way to the internet"),
  "ec2.InternetGatewayAttachment": refuse("is a way to the internet"),
  "ec2.EgressOnlyInternetGateway": refuse("is a way to the internet"),
  "ec2.NatGateway": refuse("is a way to the internet"),
  "ec2.CarrierGateway": refuse("is a way to the internet"),
  "ec2.DefaultVpc": refuse("is the account's default network, which has a way to the internet"),
  "ec2.DefaultSubnet": refuse("lies in the account's default network"),
  "ec2.VpnGatewayRoutePropagation": refuse("takes over routes that nobody can read here"),
  "vpclattice.ServiceNetworkVpcAssociation": refuse("opens the network to services of others"),
  "ec2.Route": ({ aws }, route) =>
    checkRoute(aws, route, rootField(route.resource.properties), itself),
  "ec2.RouteTable": ({ aws }, table) => checkTable(aws, table),
  "ec2.DefaultRouteTable": ({ aws }, table) => checkTable(aws, table),
  "ec2.Vpc": ({ aws }, vpc) => checkNetwork(aws, vpc),
  "ec2.Subnet": ({ aws }, subnet) => checkSubnet(aws, subnet),
  "ec2.VpcEndpoint": (_, endpoint) => checkEndpoint(endpoint),
  "ec2.SecurityGroup": checkGroup,
  "ec2.DefaultSecurityGroup": checkGroup,
  "ec2.SecurityGroupRule": (egress, rule) =>
    rule.resource.properties["type"] === "ingress"
      ? []
      : checkInlineRule(egress, rule, rootField(rule.resource.properties), itself),
  "vpc.SecurityGroupEgressRule": checkEgressRule,
  "eks.Cluster": ({ aws }, cluster) =>
    checkSubnets(aws, cluster, given(cluster, "vpcConfig", "subnetIds"), "vpcConfig"),
  "eks.NodeGroup": ({ aws }, group) => [
    ...checkNodeGroup(aws, group),
    ...checkSubnets(aws, group, given(group, "subnetIds"), "subnetIds"),
  ],
  "ec2.LaunchTemplate": ({ aws }, template) => checkTemplateNetwork(aws, template),
  "ec2.Instance": ({ aws }, instance) => checkInstance(aws, instance),
  "ec2.SpotInstanceRequest": ({ aws }, instance) => checkInstance(aws, instance),
};

function checkInstance(aws: Aws, instance: AwsResource): readonly Violation[] {
  return [
    ...checkInstanceNetwork(aws, instance),
    ...checkSubnets(aws, instance, given(instance, "subnetId"), "subnetId"),
  ];
}

function refuse(problem: string): Check {
  return (_, resource) => [violation(resource, rootField(resource.resource.properties), problem)];
}

function checkTable(aws: Aws, table: AwsResource): readonly Violation[] {
  return [
    ...elements(given(table, "routes")).flatMap((route) =>
      checkRoute(aws, table, route, () => "routes"),
    ),
    ...elements(given(table, "propagatingVgws")).map((gateway) =>
      violation(table, gateway, "takes over routes that nobody can read here"),
    ),
  ];
}

/** Services of AWS in the stack's own network; a private link of somebody else leads to him. */
function checkEndpoint(endpoint: AwsResource): readonly Violation[] {
  const service = given(endpoint, "serviceName");
  const types = demandOneOf(
    endpoint,
    given(endpoint, "vpcEndpointType"),
    [undefined, "Gateway", "Interface"],
    "use a Gateway or Interface endpoint of a service of AWS",
  );
  if (isUnreadable(service)) return [...types, unreadable(endpoint, service)];
  if (/^(?:com\.amazonaws|aws\.api)\.(?!vpce\.)[\w.-]+$/.test(textOf(service) ?? "")) return types;
  const problem = "is no service of AWS, so the endpoint leads to somebody else";
  return [...types, violation(endpoint, service, problem, "remove the endpoint")];
}

/** Nodes that a controller starts later take their groups by labels that anybody may set. */
function checkNodeClass(object: KubeObject): readonly Violation[] {
  const name = `${groupOf(object)}/${object.kind}`;
  if (name !== "karpenter.k8s.aws/EC2NodeClass" && name !== "eks.amazonaws.com/NodeClass") {
    return [];
  }
  const terms = get(rootField(object.body), "spec", "securityGroupSelectorTerms");
  const problem = "chooses security groups that are not in this stack";
  return [violation(object, terms, problem, "use a managed node group with a launch template")];
}
