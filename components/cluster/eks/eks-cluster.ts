import type { NodeGroup } from "@pulumi/aws/eks/nodeGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { createNodeAddons } from "./addons.ts";
import { type ControlPlaneParts, createControlPlane } from "./control-plane.ts";
import type { EksClusterArgs } from "./eks-args.ts";
import { eksFaults } from "./eks-faults.ts";
import { createEndpoints } from "./endpoints.ts";
import type { GpuNodePool } from "./gpu-node-pool.ts";
import { createKeys } from "./keys.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { createControlPlaneLogs, createFlowLogs } from "./logs.ts";
import { createNodeGroups, type NodeParts, subnetIds } from "./node-groups.ts";
import { createPrivateNetwork } from "./private-network.ts";
import { createRole } from "./roles.ts";
import { createSecurityGroups } from "./security-groups.ts";

/**
 * An EKS cluster with GPU nodes and without any way to the internet: its VPC has endpoints to the
 * services of AWS that nodes need, and neither gateway nor NAT. Its API answers inside the VPC only,
 * so everything that talks to it has to run there or in `apiClientCidrs`.
 */
export class EksCluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  /** Secret; proves an identity through `aws eks get-token`. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  /** Gateway endpoint of S3, through which alone nodes reach buckets. */
  readonly s3EndpointId: pulumi.Output<string>;
  /** Nodes without GPU; what runs on them waits for this. */
  readonly systemNodes: NodeGroup;
  readonly gpuPools: readonly GpuNodePool[];

  /** @throws {pulumi.RunError} listing everything wrong with the arguments */
  constructor(name: string, args: EksClusterArgs, opts: pulumi.ComponentResourceOptions) {
    refuseFaults(name, args);
    super("llm:cluster:EksCluster", name, args, opts);
    const child = { parent: this };
    const keys = createKeys(name, args, child);
    const network = createPrivateNetwork(name, args, child);
    createFlowLogs(name, args, network, keys.data, child);
    const endpoints = createEndpoints(name, args, network, child);
    const securityGroups = createSecurityGroups(name, args, network, endpoints, child);
    const role = createRole(`${name}-cluster`, "eks.amazonaws.com", args.tags, child);
    const logs = createControlPlaneLogs(name, args, keys.data, child);
    const control: ControlPlaneParts = {
      roleArn: role.role.arn,
      secretsKeyArn: keys.secrets.arn,
      subnetIds: subnetIds(network),
      securityGroupId: securityGroups.controlPlane.id,
      waitFor: [...role.attachments, logs],
    };
    const cluster = createControlPlane(name, args, control, child);
    const addons = createNodeAddons(name, cluster, args.addonVersions, args.tags, child);
    const nodes: NodeParts = {
      cluster,
      network,
      securityGroupId: securityGroups.nodes.id,
      volumeKeyArn: keys.data.arn,
      waitFor: [...endpoints.all, ...addons],
    };
    const { system, gpuPools } = createNodeGroups(name, args, nodes, child);
    this.systemNodes = system;
    this.gpuPools = gpuPools;
    this.clusterName = cluster.name;
    this.vpcId = pulumi.output(network.vpcId);
    this.s3EndpointId = endpoints.s3.id;
    this.kubeconfig = kubeconfig(args, cluster);
    const { clusterName, vpcId } = this;
    this.registerOutputs({ clusterName, vpcId, kubeconfig: this.kubeconfig });
  }
}

function refuseFaults(name: string, args: EksClusterArgs): void {
  const faults = eksFaults(args);
  if (faults.length === 0) return;
  throw new pulumi.RunError(
    `EksCluster "${name}" cannot be built:\n${faults.map((fault) => `- ${fault}`).join("\n")}`,
  );
}
