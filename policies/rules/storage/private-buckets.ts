import { ownAccounts } from "../../cloud/accounts.ts";
import { type Aws, type AwsResource, awsOf, given, ofKind, sourcesOf } from "../../cloud/aws.ts";
import { checkAccessBlock, checkBucket, refusePart } from "../../cloud/buckets.ts";
import { endpointPolicyFaults } from "../../cloud/endpoint-policy.ts";
import { readPolicy } from "../../cloud/iam-policy.ts";
import { checkImageRepository } from "../../cloud/image-repositories.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

const endpointRemedy =
  "give the endpoint a policy that allows own principals on own resources alone";

export const privateBuckets: StackRule = {
  id: "S03",
  name: "private-buckets",
  level: "stack",
  description:
    "Every bucket and image repository is encrypted with a key of the owner, open to the owner's network or organisation alone and copied nowhere, tags of images never move, and every VPC endpoint serves the owner alone.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["44"], hipaa: ["164.312(a)(1)"] },
  remedy: "keep the bucket private, encrypted with a key of your own, and in one place",
  check: (graph) => {
    const aws = awsOf(graph);
    const accounts = ownAccounts(graph);
    return aws.all.flatMap((resource) => {
      const check = checks[resource.kind];
      if (check !== undefined) return check(aws, resource, accounts);
      return resource.kind.startsWith("cloudfront.") ? refuse(aws, resource) : [];
    });
  },
};

type Check = (
  aws: Aws,
  resource: AwsResource,
  accounts: ReadonlySet<string>,
) => readonly Violation[];

/** By module and class of the provider; the second names are older ones of the same resource. */
const checks: Readonly<Record<string, Check>> = {
  "s3.Bucket": checkBucket,
  "s3.BucketV2": checkBucket,
  "s3.DirectoryBucket": refuseKind,
  "s3tables.TableBucket": refuseKind,
  "s3.VectorsVectorBucket": refuseKind,
  "s3.BucketReplicationConfig": refuse,
  "s3.BucketReplicationConfiguration": refuse,
  "s3.BucketWebsiteConfiguration": refuse,
  "s3.BucketWebsiteConfigurationV2": refuse,
  "s3.BucketAccelerateConfiguration": refuseAcceleration,
  "s3.BucketAccelerateConfigurationV2": refuseAcceleration,
  "s3.BucketAcl": checkAcl,
  "s3.BucketAclV2": checkAcl,
  "s3.BucketObject": checkObjectAcl,
  "s3.BucketObjectv2": checkObjectAcl,
  "s3.ObjectCopy": checkObjectAcl,
  "s3.AccessPoint": checkAccessPoint,
  "s3.BucketPublicAccessBlock": (_, block) => checkAccessBlock(block),
  "s3.AccountPublicAccessBlock": (_, block) => checkAccessBlock(block),
  "s3control.MultiRegionAccessPoint": refuse,
  "ecr.Repository": checkImageRepository,
  "ecr.RepositoryPolicy": refuseSharing,
  "ecr.RegistryPolicy": refuseSharing,
  "ecr.ReplicationConfiguration": refuseSharing,
  "ecr.RepositoryCreationTemplate": refuseUnseen,
  "ecr.PullThroughCacheRule": refuseUnseen,
  "ecrpublic.Repository": refuseSharing,
  "ec2.VpcEndpoint": checkEndpoint,
  "ec2.VpcEndpointPolicy": checkEndpointPolicy,
};

function refuse(_: Aws, resource: AwsResource): readonly Violation[] {
  const problem = "copies data of buckets to another place or serves it to the internet";
  return [violation(resource, rootField(resource.resource.properties), problem, "remove it")];
}

function refuseKind(_: Aws, bucket: AwsResource): readonly Violation[] {
  const problem = "is a kind of bucket that no rule can read";
  return [
    violation(bucket, rootField(bucket.resource.properties), problem, "use an aws.s3.Bucket"),
  ];
}

/** Within the account IAM decides; what is more than that lets others in. */
function refuseSharing(_: Aws, resource: AwsResource): readonly Violation[] {
  const problem = "gives images to others, or takes them to another place";
  return [violation(resource, rootField(resource.resource.properties), problem, "remove it")];
}

function refuseUnseen(_: Aws, resource: AwsResource): readonly Violation[] {
  const problem = "makes repositories that no rule sees, some of them filled from the internet";
  const remedy = "make each repository here, and mirror what it holds";
  return [violation(resource, rootField(resource.resource.properties), problem, remedy)];
}

function refuseAcceleration(_: Aws, configuration: AwsResource): readonly Violation[] {
  return demandOneOf(configuration, given(configuration, "status"), ["Suspended"], "remove it");
}

function checkAcl(_: Aws, list: AwsResource): readonly Violation[] {
  return [
    ...demandOneOf(list, given(list, "acl"), [undefined, "private"], 'set acl: "private"'),
    ...refusePart(list, given(list, "accessControlPolicy")),
  ];
}

function checkObjectAcl(_: Aws, object: AwsResource): readonly Violation[] {
  return demandOneOf(object, given(object, "acl"), [undefined, "private"], "remove the acl");
}

/** One without a network answers on the internet. */
function checkAccessPoint(_: Aws, point: AwsResource): readonly Violation[] {
  const vpc = given(point, "vpcConfiguration", "vpcId");
  if (vpc.value !== undefined) return [];
  const problem = "is absent, so the access point answers on the internet";
  return [violation(point, vpc, problem, "set vpcConfiguration.vpcId")];
}

function checkEndpoint(
  aws: Aws,
  endpoint: AwsResource,
  accounts: ReadonlySet<string>,
): readonly Violation[] {
  const policy = given(endpoint, "policy");
  if (policy.value !== undefined) return judge(endpoint, policy, isStorage(endpoint), accounts);
  const apart = ofKind(aws, "ec2.VpcEndpointPolicy").some((each) =>
    sourcesOf(aws, each, "vpcEndpointId").includes(endpoint),
  );
  if (apart) return [];
  const problem = "is absent, so the endpoint lets anybody's keys reach anybody's resources";
  return [violation(endpoint, policy, problem, endpointRemedy)];
}

function checkEndpointPolicy(
  aws: Aws,
  policy: AwsResource,
  accounts: ReadonlySet<string>,
): readonly Violation[] {
  const endpoints = sourcesOf(aws, policy, "vpcEndpointId");
  // An endpoint that nobody knows may be one of a store.
  const storage = endpoints.length === 0 || endpoints.some(isStorage);
  return judge(policy, given(policy, "policy"), storage, accounts);
}

function judge(
  owner: AwsResource,
  field: ReturnType<typeof given>,
  storage: boolean,
  accounts: ReadonlySet<string>,
): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(owner, field)];
  const reading = readPolicy(field);
  const faults =
    "fault" in reading
      ? [reading.fault]
      : endpointPolicyFaults(reading.statements, storage, accounts);
  return faults.map((fault) => violation(owner, field, fault, endpointRemedy));
}

/** Services in which a request names the bucket or table that data goes to. */
function isStorage(endpoint: AwsResource): boolean {
  const service = given(endpoint, "serviceName");
  if (isUnreadable(service)) return true;
  return /\.(?:s3|s3express|s3tables|s3-outposts|dynamodb)(?:[.-]|$)/.test(
    textOf(service) ?? ".s3",
  );
}
