import { strictPolicies } from "../../components/lib/stack/policies.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { isObject, unknown, type Value, type ValueObject } from "../../policies/model/value.ts";
import { kube, replaceAt, resource, settings } from "./good-graph.ts";

/** A stack that makes a cluster: it has no network of pods to declare, its add-ons say what enforces. */
export const cloudSettings: Settings = {
  ...settings,
  network: undefined,
  clusterKind: "eks",
  serving: { gpu: undefined, models: [] },
  policies: {
    ...strictPolicies,
    allowedEgress: [
      { cidr: "10.20.0.0/16", protocol: "TCP", port: 443, reason: "the site's own object store" },
    ],
    regions: ["us-east-1"],
  },
};

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::private-llm::${type}::${name}`;
}

/**
 * A resource of AWS as a first preview sees it. `refs` says which resources a property's unknown value
 * comes from, as `type::name` without the provider.
 */
export function aws(
  type: string,
  name: string,
  properties: ValueObject,
  refs: Readonly<Record<string, readonly string[]>> = {},
): Resource {
  const propertyDependencies = Object.fromEntries(
    Object.keys(properties).map((property) => [
      property,
      (refs[property] ?? []).map((each) => {
        const [token = "", of = ""] = each.split("::");
        return urnOf(`aws:${token}`, of);
      }),
    ]),
  );
  return resource(`aws:${type}`, name, properties, { propertyDependencies });
}

const key = "kms/key:Key::data";
const vpc = "ec2/vpc:Vpc::net";
const nodes = "ec2/securityGroup:SecurityGroup::nodes";
const bucket = "s3/bucket:Bucket::weights";

const organization = { StringEquals: { "aws:ResourceOrgID": "o-a1b2c3d4e5" } };

/** A policy document as text. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export const wall = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::weights", "arn:aws:s3:::weights/*"],
  Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c" } },
};

/** A small cluster stack that no rule objects to; mutants change one thing in it. */
export const goodCloud: readonly Resource[] = [
  resource("pulumi:providers:aws", "aws", {
    region: "us-east-1",
    allowedAccountIds: '["111122223333"]',
  }),
  aws("kms/key:Key", "data", { enableKeyRotation: true }),
  aws("ec2/vpc:Vpc", "net", { cidrBlock: "10.40.0.0/16" }),
  aws(
    "ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "default",
    { vpcId: unknown, ingress: [], egress: [] },
    { vpcId: [vpc] },
  ),
  aws(
    "ec2/subnet:Subnet",
    "a",
    { vpcId: unknown, availabilityZone: "us-east-1a", mapPublicIpOnLaunch: false },
    { vpcId: [vpc] },
  ),
  aws("ec2/routeTable:RouteTable", "private", { vpcId: unknown, routes: [] }, { vpcId: [vpc] }),
  aws(
    "ec2/route:Route",
    "to-office",
    {
      routeTableId: unknown,
      destinationCidrBlock: "10.0.0.0/16",
      transitGatewayId: "tgw-0123456789abcdef0",
    },
    { routeTableId: ["ec2/routeTable:RouteTable::private"] },
  ),
  aws("ec2/securityGroup:SecurityGroup", "nodes", { vpcId: unknown }, { vpcId: [vpc] }),
  aws(
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "to-nodes",
    { securityGroupId: unknown, referencedSecurityGroupId: unknown, ipProtocol: "-1" },
    { securityGroupId: [nodes], referencedSecurityGroupId: [nodes] },
  ),
  aws(
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "to-store",
    {
      securityGroupId: unknown,
      cidrIpv4: "10.20.7.0/24",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    { securityGroupId: [nodes] },
  ),
  aws(
    "ec2/securityGroup:SecurityGroup",
    "endpoints",
    {
      vpcId: unknown,
      egress: [{ cidrBlocks: ["10.40.0.0/16"], protocol: "tcp", fromPort: 443, toPort: 443 }],
    },
    { vpcId: [vpc] },
  ),
  aws(
    "ec2/securityGroupRule:SecurityGroupRule",
    "endpoints-to-nodes",
    {
      securityGroupId: unknown,
      type: "egress",
      sourceSecurityGroupId: unknown,
      protocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    {
      securityGroupId: ["ec2/securityGroup:SecurityGroup::endpoints"],
      sourceSecurityGroupId: [nodes],
    },
  ),
  aws(
    "ec2/vpcEndpoint:VpcEndpoint",
    "s3",
    {
      vpcId: unknown,
      serviceName: "com.amazonaws.us-east-1.s3",
      policy: policy({
        Effect: "Allow",
        Principal: "*",
        Action: "s3:*",
        Resource: "*",
        Condition: organization,
      }),
    },
    { vpcId: [vpc] },
  ),
  aws(
    "ec2/launchTemplate:LaunchTemplate",
    "gpu",
    {
      vpcSecurityGroupIds: [unknown],
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: unknown } },
      ],
    },
    { vpcSecurityGroupIds: [nodes], blockDeviceMappings: [key] },
  ),
  aws(
    "eks/nodeGroup:NodeGroup",
    "gpu",
    {
      amiType: "AL2023_x86_64_NVIDIA",
      releaseVersion: "1.36.1-20261105",
      launchTemplate: { id: unknown, version: unknown },
      taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }],
    },
    { launchTemplate: ["ec2/launchTemplate:LaunchTemplate::gpu"] },
  ),
  aws(
    "eks/cluster:Cluster",
    "main",
    {
      version: "1.36",
      vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
      encryptionConfig: { provider: { keyArn: unknown }, resources: ["secrets"] },
      enabledClusterLogTypes: ["api", "audit", "authenticator"],
    },
    { encryptionConfig: [key] },
  ),
  aws("eks/addon:Addon", "cni", {
    addonName: "vpc-cni",
    addonVersion: "v1.21.1-eksbuild.1",
    configurationValues:
      '{"enableNetworkPolicy":"true","env":{"NETWORK_POLICY_ENFORCING_MODE":"strict"}}',
  }),
  aws("eks/addon:Addon", "dns", {
    addonName: "coredns",
    addonVersion: "v1.13.2-eksbuild.1",
    configurationValues: '{"corefile":".:53 {\\n  kubernetes cluster.local\\n}\\n"}',
  }),
  kube("networking.k8s.io/v1:NetworkPolicy", "cluster-dns", "kube-system", {
    spec: {
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
      policyTypes: ["Ingress", "Egress"],
    },
  }),
  aws("cloudwatch/logGroup:LogGroup", "audit", { retentionInDays: 365 }),
  aws(
    "ebs/volume:Volume",
    "cache",
    { encrypted: true, kmsKeyId: unknown, availabilityZone: "us-east-1a" },
    { kmsKeyId: [key] },
  ),
  aws(
    "efs/fileSystem:FileSystem",
    "weights",
    { encrypted: true, kmsKeyId: unknown },
    { kmsKeyId: [key] },
  ),
  aws("s3/bucket:Bucket", "weights", { bucket: "weights" }),
  aws(
    "ecr/repository:Repository",
    "engine",
    {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: unknown }],
    },
    { encryptionConfigurations: [key] },
  ),
  aws(
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "weights",
    {
      bucket: unknown,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { bucket: [bucket] },
  ),
  aws(
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "weights",
    {
      bucket: unknown,
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
          },
        },
      ],
    },
    { bucket: [bucket] },
  ),
  aws("s3/bucketPolicy:BucketPolicy", "weights", { bucket: "weights", policy: policy(wall) }),
  kube("storage.k8s.io/v1:StorageClass", "fast", undefined, {
    provisioner: "ebs.csi.aws.com",
    parameters: { encrypted: "true", kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d" },
  }),
  kube("core/v1:PersistentVolume", "weights", undefined, {
    spec: { csi: { driver: "efs.csi.aws.com", volumeHandle: "fs-1" }, mountOptions: ["tls"] },
  }),
  kube("snapshot.storage.k8s.io/v1:VolumeSnapshotClass", "nightly", undefined, {
    driver: "ebs.csi.aws.com",
    deletionPolicy: "Delete",
  }),
];

/** The good cloud with another value at a path of `Kind/name`; `undefined` removes the field. */
export function cloudChanged(
  target: string,
  path: readonly (string | number)[],
  value: Value | undefined,
): readonly Resource[] {
  let hits = 0;
  const resources = goodCloud.map((each) => {
    if (`${each.type.split(":").at(-1)}/${each.name}` !== target) return each;
    hits += 1;
    const properties = replaceAt(each.properties, path, value);
    return isObject(properties) ? { ...each, properties } : each;
  });
  if (hits !== 1) throw new Error(`${target} names ${hits} resources of the good cloud, not one`);
  return resources;
}

/** The good cloud without one resource, as `Kind/name`. */
export function cloudWithout(target: string): readonly Resource[] {
  const rest = goodCloud.filter((each) => `${each.type.split(":").at(-1)}/${each.name}` !== target);
  if (rest.length !== goodCloud.length - 1) throw new Error(`${target} is not one resource`);
  return rest;
}
