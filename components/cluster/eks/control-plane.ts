import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation.js";
import { Cluster, type ClusterArgs } from "@pulumi/aws/eks/cluster.js";
import type * as pulumi from "@pulumi/pulumi";
import type { EksClusterArgs } from "./eks-args.ts";

/** What the control plane stands on. */
export interface ControlPlaneParts {
  readonly roleArn: pulumi.Input<string>;
  readonly secretsKeyArn: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  /** What must exist before the cluster does. */
  readonly waitFor: readonly pulumi.Resource[];
}

/** The control plane and the people who may use it. */
export function createControlPlane(
  name: string,
  args: EksClusterArgs,
  parts: ControlPlaneParts,
  opts: pulumi.CustomResourceOptions,
): Cluster {
  const cluster = new Cluster(name, controlPlane(args, parts), {
    ...opts,
    dependsOn: [...parts.waitFor],
    protect: true,
    retainOnDelete: true,
  });
  for (const principalArn of args.adminPrincipals) {
    admit(`${name}-admin-${principalSuffix(principalArn)}`, cluster, principalArn, args.tags, opts);
  }
  return cluster;
}

function controlPlane(args: EksClusterArgs, parts: ControlPlaneParts): ClusterArgs {
  return {
    name: args.clusterName,
    version: args.kubernetesVersion,
    roleArn: parts.roleArn,
    // The managed add-ons below would fight with EKS's own copies.
    bootstrapSelfManagedAddons: false,
    deletionProtection: true,
    accessConfig: {
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: false,
    },
    vpcConfig: {
      subnetIds: [...parts.subnetIds],
      securityGroupIds: [parts.securityGroupId],
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    },
    kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: args.serviceCidr },
    encryptionConfig: { provider: { keyArn: parts.secretsKeyArn }, resources: ["secrets"] },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    tags: args.tags,
  };
}

function admit(
  name: string,
  cluster: Cluster,
  principalArn: string,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  const entry = new AccessEntry(name, { clusterName: cluster.name, principalArn, tags }, opts);
  new AccessPolicyAssociation(
    name,
    {
      clusterName: cluster.name,
      principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    },
    { ...opts, dependsOn: [entry] },
  );
}

/** `arn:aws:iam::123456789012:role/team/admin` to `123456789012-role-team-admin`. */
function principalSuffix(arn: string): string {
  return arn.split(":").slice(4).join("-").replaceAll("/", "-");
}
