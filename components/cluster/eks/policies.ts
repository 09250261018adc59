import type { input as inputs } from "@pulumi/aws/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

/** Who may use the endpoints of the VPC, and whose buckets are reachable through them. */
export interface Boundary {
  readonly accountId: string;
  /** @default - the account alone */
  readonly organizationId?: string;
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow";
  /** Absent in a policy that hangs on a role. */
  readonly Principal?: "*" | { readonly AWS: string } | { readonly Service: string };
  readonly Action: string | readonly string[];
  /** Absent in a trust policy. */
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function document(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * Interface endpoints serve the owner's principals only: with anybody else's keys a pod gets no
 * answer, so foreign accounts are out of reach. Resources stay open, since images of add-ons lie in
 * registries of AWS.
 */
export function interfaceEndpointPolicy(boundary: Boundary): string {
  return document({
    Sid: "OwnPrincipalsOnly",
    Effect: "Allow",
    Principal: "*",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: owner("Principal", boundary) },
  });
}

/** Own principals on own buckets, and reading the bucket in which ECR keeps image layers. */
export function s3EndpointPolicy(region: string, boundary: Boundary): string {
  return document(
    {
      Sid: "OwnBucketsOnly",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      Condition: {
        StringEquals: { ...owner("Resource", boundary), ...owner("Principal", boundary) },
      },
    },
    {
      Sid: "ReadImageLayers",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
    },
  );
}

function owner(
  whose: "Principal" | "Resource",
  { accountId, organizationId }: Boundary,
): Readonly<Record<string, string>> {
  return organizationId === undefined
    ? { [`aws:${whose}Account`]: accountId }
    : { [`aws:${whose}OrgID`]: organizationId };
}

/** Of a key whose users the account names through IAM, such as that of the Kubernetes Secrets in etcd. */
export function accountKeyPolicy({ accountId }: Boundary): string {
  return document(administration(accountId));
}

const useKey = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"] as const;

/** Key of node volumes and logs: EC2 and CloudWatch Logs may use it for this account. */
export function dataKeyPolicy(region: string, { accountId }: Boundary): string {
  return document(
    administration(accountId),
    {
      Sid: "NodeVolumes",
      Effect: "Allow",
      Principal: "*",
      Action: [...useKey, "kms:CreateGrant", "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:CallerAccount": accountId,
          "kms:ViaService": `ec2.${region}.amazonaws.com`,
        },
      },
    },
    {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [...useKey, "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:*`,
        },
      },
    },
  );
}

/** Without it a key could be administered by nobody. */
function administration(accountId: string): Statement {
  return {
    Sid: "AccountAdministration",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}

/**
 * Objects of a bucket through one endpoint and TLS only. What configures the bucket is not denied: it is done
 * from outside the VPC, and no object is in it.
 */
export function weightsBucketPolicy(
  bucket: string,
  endpointId: pulumi.Input<string>,
): inputs.s3.PolicyDocument {
  const [all, objects] = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const deny = { Effect: "Deny", Principal: "*" } as const;
  const elsewhere = { StringNotEquals: { "aws:SourceVpce": endpointId } };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        ...deny,
        Sid: "ObjectsThroughTheEndpoint",
        Action: "s3:*",
        Resource: objects,
        Condition: elsewhere,
      },
      {
        ...deny,
        Sid: "NamesThroughTheEndpoint",
        Action: "s3:ListBucket*",
        Resource: all,
        Condition: elsewhere,
      },
      {
        ...deny,
        Sid: "EncryptedTransport",
        Action: "s3:*",
        Resource: [all, objects],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/** Lets a service of AWS take a role. */
export function trustPolicy(service: string, accountId?: string): string {
  return document({
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...(accountId === undefined
      ? {}
      : { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
  });
}

export function flowLogPolicy(region: string, accountId: string, logGroup: string): string {
  const group = `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}`;
  return document({
    Sid: "WriteFlowLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
    Resource: [group, `${group}:*`],
  });
}
