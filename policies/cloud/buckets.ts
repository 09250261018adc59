import { demandOneOf } from "../kubernetes/demands.ts";
import { elements, type Field, get, isEmpty, isUnreadable, rootField } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { type Aws, type AwsResource, given, ofKind, sourcesOf } from "./aws.ts";
import { bucketPolicyFaults } from "./bucket-policy.ts";
import { checkResourceKey } from "./customer-key.ts";
import { withEndpoints } from "./endpoint-values.ts";
import { readPolicy } from "./iam-policy.ts";

const blockRemedy = "add an aws.s3.BucketPublicAccessBlock with all four settings true";
const policyRemedy =
  "add an aws.s3.BucketPolicy that denies everybody outside the owner's endpoint or organisation";
const encryptionRemedy =
  "add an aws.s3.BucketServerSideEncryptionConfiguration with aws:kms and a key of your own";

/** All that makes a bucket private, which the provider spreads over several resources. */
export function checkBucket(
  aws: Aws,
  bucket: AwsResource,
  accounts: ReadonlySet<string>,
): readonly Violation[] {
  return [
    ...checkEncryption(aws, bucket),
    ...checkBlock(aws, bucket),
    ...checkPolicy(aws, bucket, accounts),
    ...demandOneOf(bucket, given(bucket, "acl"), [undefined, "private"], "remove the acl"),
    ...["website", "replicationConfiguration", "grants"].flatMap((name) =>
      refusePart(bucket, given(bucket, name)),
    ),
    ...demandOneOf(
      bucket,
      given(bucket, "accelerationStatus"),
      [undefined, "Suspended"],
      "remove accelerationStatus",
    ),
  ];
}

/** Parts of a bucket, inline or resources of their own, that show or copy it to others. */
export function refusePart(resource: AwsResource, field: Field): readonly Violation[] {
  if (isEmpty(field)) return [];
  if (isUnreadable(field)) return [unreadable(resource, field)];
  return [violation(resource, field, "gives the bucket's data to others", "remove it")];
}

/** Resources of these kinds that are about this bucket, by reference or by its name. */
function partsOf(aws: Aws, bucket: AwsResource, ...kinds: readonly string[]) {
  const name = bucket.resource.properties["bucket"];
  return ofKind(aws, ...kinds).filter(
    (part) =>
      sourcesOf(aws, part, "bucket").includes(bucket) ||
      (typeof name === "string" && part.resource.properties["bucket"] === name),
  );
}

function checkEncryption(aws: Aws, bucket: AwsResource): readonly Violation[] {
  const parts = partsOf(
    aws,
    bucket,
    "s3.BucketServerSideEncryptionConfiguration",
    "s3.BucketServerSideEncryptionConfigurationV2",
  );
  const inline = given(bucket, "serverSideEncryptionConfiguration");
  if (parts.length === 0 && inline.value === undefined) {
    return [
      violation(bucket, inline, "is absent, so a key of the provider encrypts", encryptionRemedy),
    ];
  }
  return [
    ...(inline.value === undefined ? [] : checkRule(aws, bucket, get(inline, "rule"))),
    ...parts.flatMap((part) => {
      const rules = given(part, "rules");
      if (isEmpty(rules)) return [violation(part, rules, "is empty", encryptionRemedy)];
      return elements(rules).flatMap((rule) => checkRule(aws, part, rule));
    }),
  ];
}

function checkRule(aws: Aws, resource: AwsResource, rule: Field): readonly Violation[] {
  const settings = get(rule, "applyServerSideEncryptionByDefault");
  return [
    ...demandOneOf(
      resource,
      get(settings, "sseAlgorithm"),
      ["aws:kms", "aws:kms:dsse"],
      'set sseAlgorithm: "aws:kms"',
    ),
    ...checkResourceKey(aws, resource, get(settings, "kmsMasterKeyId")),
  ];
}

function checkBlock(aws: Aws, bucket: AwsResource): readonly Violation[] {
  // What each block says is checked on its own.
  if (partsOf(aws, bucket, "s3.BucketPublicAccessBlock").length > 0) return [];
  const problem = "has no public access block";
  return [violation(bucket, rootField(bucket.resource.properties), problem, blockRemedy)];
}

const blockSettings = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
];

export function checkAccessBlock(block: AwsResource): readonly Violation[] {
  return blockSettings.flatMap((name) =>
    demandOneOf(block, given(block, name), [true], `set ${name}: true`),
  );
}

function checkPolicy(
  aws: Aws,
  bucket: AwsResource,
  accounts: ReadonlySet<string>,
): readonly Violation[] {
  const inline = given(bucket, "policy");
  const policies = [
    ...(inline.value === undefined ? [] : [{ owner: bucket, field: inline }]),
    ...partsOf(aws, bucket, "s3.BucketPolicy").map((owner) => ({
      owner,
      field: given(owner, "policy"),
    })),
  ];
  if (policies.length === 0) {
    return [
      violation(bucket, inline, "is absent, so nothing keeps other networks out", policyRemedy),
    ];
  }
  return policies.flatMap(({ owner, field }) => {
    const reading = readPolicy(withEndpoints(aws, owner, field));
    const faults =
      "fault" in reading ? [reading.fault] : bucketPolicyFaults(reading.statements, accounts);
    return faults.map((fault) => violation(owner, field, fault, policyRemedy));
  });
}
