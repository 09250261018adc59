import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type * as pulumi from "@pulumi/pulumi";
import type { EksClusterArgs } from "./eks-args.ts";
import type { Endpoints } from "./endpoints.ts";
import type { PrivateNetwork } from "./private-network.ts";

/**
 * Groups of this product, never the one that EKS makes: that one permits all egress, so it stays on
 * the control plane's interfaces alone.
 */
export interface SecurityGroups {
  readonly nodes: SecurityGroup;
  readonly controlPlane: SecurityGroup;
}

/** Where the API server calls into pods: webhooks, aggregated APIs and the kubelet. */
const controlPlaneToNodePorts = [443, 4443, 6443, 8443, 9443, 10250] as const;

/** `port` 0 is every port of every protocol. */
interface Edge {
  readonly from: keyof SecurityGroups;
  readonly to: keyof SecurityGroups;
  readonly port: number;
}

const edges: readonly Edge[] = [
  { from: "nodes", to: "nodes", port: 0 },
  { from: "nodes", to: "controlPlane", port: 443 },
  ...controlPlaneToNodePorts.map((port) => ({ from: "controlPlane", to: "nodes", port }) as const),
];

export function createSecurityGroups(
  name: string,
  args: EksClusterArgs,
  network: PrivateNetwork,
  endpoints: Endpoints,
  opts: pulumi.CustomResourceOptions,
): SecurityGroups {
  const create = (suffix: string, description: string) =>
    new SecurityGroup(
      `${name}-${suffix}`,
      {
        vpcId: network.vpcId,
        description,
        revokeRulesOnDelete: true,
        tags: { ...args.tags, Name: `${args.clusterName}-${suffix}` },
      },
      opts,
    );
  const groups: SecurityGroups = {
    nodes: create("nodes", "Nodes and their pods"),
    controlPlane: create("control-plane", "Control plane of the cluster"),
  };
  for (const edge of edges) connect(name, groups, edge, args.tags, opts);
  reachEndpoints(name, groups.nodes, endpoints, args.tags, opts);
  admitApiClients(name, groups.controlPlane, args, opts);
  return groups;
}

/** An edge is two rules, since both groups must permit it. */
function connect(
  name: string,
  groups: SecurityGroups,
  { from, to, port }: Edge,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  const suffix = `${kebab(from)}-to-${kebab(to)}-${port === 0 ? "all" : port}`;
  const rule = { description: suffix, ...traffic(port), tags };
  new SecurityGroupEgressRule(
    `${name}-${suffix}`,
    { securityGroupId: groups[from].id, referencedSecurityGroupId: groups[to].id, ...rule },
    opts,
  );
  new SecurityGroupIngressRule(
    `${name}-${suffix}`,
    { securityGroupId: groups[to].id, referencedSecurityGroupId: groups[from].id, ...rule },
    opts,
  );
}

function reachEndpoints(
  name: string,
  nodes: SecurityGroup,
  endpoints: Endpoints,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  const rule = { securityGroupId: nodes.id, ...traffic(443), tags };
  new SecurityGroupEgressRule(
    `${name}-nodes-to-endpoints`,
    {
      ...rule,
      description: "Interface endpoints",
      referencedSecurityGroupId: endpoints.securityGroup.id,
    },
    opts,
  );
  new SecurityGroupEgressRule(
    `${name}-nodes-to-s3`,
    { ...rule, description: "S3 gateway endpoint", prefixListId: endpoints.s3.prefixListId },
    opts,
  );
}

function admitApiClients(
  name: string,
  controlPlane: SecurityGroup,
  args: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const cidr of args.apiClientCidrs ?? []) {
    new SecurityGroupIngressRule(
      `${name}-api-from-${cidr}`,
      {
        securityGroupId: controlPlane.id,
        description: `API clients in ${cidr}`,
        cidrIpv4: cidr,
        ...traffic(443),
        tags: args.tags,
      },
      opts,
    );
  }
}

function traffic(port: number) {
  return port === 0 ? { ipProtocol: "-1" } : { ipProtocol: "tcp", fromPort: port, toPort: port };
}

function kebab(group: keyof SecurityGroups): string {
  return group === "controlPlane" ? "control-plane" : group;
}
