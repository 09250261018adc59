import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import type * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "./policies.ts";

/** A role and what must be attached before anybody takes it. */
export interface AttachedRole {
  readonly role: Role;
  readonly attachments: readonly RolePolicyAttachment[];
}

/** Policies that AWS maintains. No SSM policy: a session on a node would be a way around the API's audit log. */
const managedPolicies = {
  "eks.amazonaws.com": ["AmazonEKSClusterPolicy"],
  "ec2.amazonaws.com": [
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS_CNI_Policy",
  ],
} as const;

/** The role that the control plane or the nodes take. */
export function createRole(
  name: string,
  service: keyof typeof managedPolicies,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): AttachedRole {
  const role = new Role(name, { assumeRolePolicy: trustPolicy(service), tags }, opts);
  const attachments = managedPolicies[service].map(
    (policy) =>
      new RolePolicyAttachment(
        `${name}-${policy}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        opts,
      ),
  );
  return { role, attachments };
}
