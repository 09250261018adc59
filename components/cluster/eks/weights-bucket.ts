import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import * as pulumi from "@pulumi/pulumi";
import { createAccountKey } from "./account-key.ts";
import { weightsBucketPolicy } from "./policies.ts";

export interface WeightsBucketArgs {
  readonly accountId: string;
  /** Name of the bucket; unique in all of AWS. */
  readonly bucket: string;
  /** Gateway endpoint of S3 in the cluster's network, the only way to its objects. */
  readonly endpointId: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Model weights, by versions, encrypted with a key of their own. Objects are read and written through the
 * cluster's network alone; the bucket's settings stay within reach of whoever deploys.
 */
export class WeightsBucket extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  /** ARN of the key; whoever reads weights needs `kms:Decrypt` with it. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: WeightsBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:cluster:WeightsBucket", name, args, opts);
    const child = { parent: this };
    const { accountId, tags } = args;
    const key = createAccountKey(name, { description: "model weights", accountId, tags }, child);
    const { bucket } = new Bucket(
      name,
      { bucket: args.bucket, tags },
      { ...child, protect: true, retainOnDelete: true },
    );
    new BucketPublicAccessBlock(
      name,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    new BucketServerSideEncryptionConfiguration(
      name,
      { bucket, rules: [{ ...encryption(key.arn), bucketKeyEnabled: true }] },
      child,
    );
    new BucketVersioning(name, { bucket, versioningConfiguration: { status: "Enabled" } }, child);
    new BucketPolicy(
      name,
      // As an object, so that only the endpoint's id is unknown in a first preview, not the whole wall.
      { bucket, policy: weightsBucketPolicy(args.bucket, args.endpointId) },
      child,
    );
    this.bucket = bucket;
    this.keyArn = key.arn;
    this.registerOutputs({ bucket, keyArn: key.arn });
  }
}

function encryption(kmsMasterKeyId: pulumi.Input<string>) {
  return { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId } };
}
