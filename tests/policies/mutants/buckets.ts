import { unknown } from "../../../policies/model/value.ts";
import { aws, policy, wall } from "../cloud-graph.ts";
import { cloudAdded, cloudLost, cloudMutant, type Mutant } from "./mutant.ts";

const text = ["policy"] as const;

/** A bucket policy that must not pass. */
function bucketPolicy(title: string, ...statements: readonly object[]): Mutant {
  return cloudMutant("S03", title, "BucketPolicy/weights", text, policy(...statements), "policy");
}

/** A policy of the S3 endpoint that must not pass. */
function endpointPolicy(title: string, ...statements: readonly object[]): Mutant {
  return cloudMutant("S03", title, "VpcEndpoint/s3", text, policy(...statements), "policy");
}

const everything = { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" };

export const buckets: readonly Mutant[] = [
  cloudLost(
    "S03",
    "bucket without a public access block",
    "BucketPublicAccessBlock/weights",
    "Bucket/weights",
  ),
  cloudMutant(
    "S03",
    "public access block with a gap",
    "BucketPublicAccessBlock/weights",
    ["restrictPublicBuckets"],
    false,
    "restrictPublicBuckets",
  ),
  cloudMutant(
    "S03",
    "public access block that forgets a setting",
    "BucketPublicAccessBlock/weights",
    ["ignorePublicAcls"],
    undefined,
    "ignorePublicAcls",
  ),
  cloudLost(
    "S03",
    "bucket encrypted by the provider's key",
    "BucketServerSideEncryptionConfiguration/weights",
    "Bucket/weights",
    "serverSideEncryptionConfiguration",
  ),
  cloudMutant(
    "S03",
    "bucket encrypted with AES256",
    "BucketServerSideEncryptionConfiguration/weights",
    ["rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"],
    "AES256",
    "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
  ),
  cloudMutant(
    "S03",
    "bucket encrypted with AWS' own KMS key",
    "BucketServerSideEncryptionConfiguration/weights",
    ["rules", 0, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"],
    "alias/aws/s3",
    "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId",
  ),
  cloudLost("S03", "bucket without a policy", "BucketPolicy/weights", "Bucket/weights", "policy"),
  cloudMutant("S03", "unknown bucket policy", "BucketPolicy/weights", text, unknown, "policy"),
  bucketPolicy("bucket policy that allows and denies nothing", everything),
  bucketPolicy("wall with an exception for a role", {
    ...wall,
    Condition: {
      StringNotEquals: {
        "aws:SourceVpce": "vpce-1a2b3c",
        "aws:PrincipalArn": "arn:aws:iam::1:role/x",
      },
    },
  }),
  bucketPolicy("wall that stops only who is a stranger in two ways", {
    ...wall,
    Condition: {
      StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c", "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
    },
  }),
  bucketPolicy("principal with a wildcard", wall, {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:role/*" },
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::weights/*",
  }),
  bucketPolicy("wall around the bucket but not its objects", {
    ...wall,
    Resource: "arn:aws:s3:::weights",
  }),
  bucketPolicy("wall that stops reading alone", { ...wall, Action: "s3:GetObject" }),
  bucketPolicy("wall for one principal", { ...wall, Principal: { AWS: "111122223333" } }),
  bucketPolicy("wall whose value is any endpoint", {
    ...wall,
    Condition: { StringNotLike: { "aws:SourceVpce": "*" } },
  }),
  bucketPolicy("another account behind the wall", wall, {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::444455556666:root" },
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::weights/*",
  }),
  bucketPolicy("everybody but one", wall, { ...everything, NotPrincipal: { AWS: "1" } }),
  bucketPolicy("CloudFront as reader", wall, {
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::weights/*",
  }),
  cloudMutant("S03", "bucket policy that is no JSON", "BucketPolicy/weights", text, "{", "policy"),
  cloudMutant("S03", "public bucket by its ACL", "Bucket/weights", ["acl"], "public-read", "acl"),
  cloudMutant(
    "S03",
    "replication inside the bucket",
    "Bucket/weights",
    ["replicationConfiguration"],
    { rules: [] },
    "replicationConfiguration",
  ),
  cloudAdded(
    "S03",
    "replication beside the bucket",
    aws("s3/bucketReplicationConfig:BucketReplicationConfig", "copy", { bucket: "weights" }),
  ),
  cloudAdded(
    "S03",
    "public bucket by an ACL beside it",
    aws("s3/bucketAcl:BucketAcl", "open", { acl: "public-read" }),
    "acl",
  ),
  cloudAdded(
    "S03",
    "bucket as a web site",
    aws("s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", "site", { bucket: "weights" }),
  ),
  cloudAdded("S03", "CloudFront", aws("cloudfront/distribution:Distribution", "edge", {})),
  cloudAdded(
    "S03",
    "access point on the internet",
    aws("s3/accessPoint:AccessPoint", "open", { bucket: "weights" }),
    "vpcConfiguration.vpcId",
  ),
  cloudAdded(
    "S03",
    "bucket of another kind",
    aws("s3/directoryBucket:DirectoryBucket", "express", {}),
  ),
  cloudMutant("S03", "endpoint without a policy", "VpcEndpoint/s3", text, undefined, "policy"),
  cloudMutant("S03", "endpoint with an unknown policy", "VpcEndpoint/s3", text, unknown, "policy"),
  endpointPolicy("endpoint for everybody's buckets", everything),
  endpointPolicy("endpoint for own principals on anybody's bucket", {
    ...everything,
    Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
  }),
  endpointPolicy("endpoint limited to whatever organisation asks", {
    ...everything,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own notation for a variable.
    Condition: { StringEquals: { "aws:ResourceOrgID": "${aws:PrincipalOrgID}" } },
  }),
  endpointPolicy("endpoint whose condition is met by silence", {
    ...everything,
    Condition: { StringEqualsIfExists: { "aws:ResourceOrgID": "o-a1b2c3d4e5" } },
  }),
  endpointPolicy("endpoint limited by a wildcard", {
    ...everything,
    Condition: { StringLike: { "aws:ResourceOrgID": "o-*" } },
  }),
  endpointPolicy("endpoint for everything but one action", {
    Effect: "Allow",
    Principal: "*",
    NotAction: "s3:DeleteBucket",
    Resource: "*",
  }),
  endpointPolicy("endpoint that may write to a named bucket of anybody", {
    ...everything,
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::somebody/*",
  }),
  cloudAdded(
    "S03",
    "interface endpoint that serves anybody's keys",
    aws("ec2/vpcEndpoint:VpcEndpoint", "sqs", {
      serviceName: "com.amazonaws.us-east-1.sqs",
      policy: policy({ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }),
    }),
    "policy",
  ),
  cloudAdded(
    "S03",
    "open policy of an endpoint that nobody knows",
    aws("ec2/vpcEndpointPolicy:VpcEndpointPolicy", "open", {
      vpcEndpointId: "vpce-1",
      policy: policy(everything),
    }),
    "policy",
  ),
];
