import { unknown } from "../../../policies/model/value.ts";
import type { Leak } from "../leak.ts";
import { add, aws, edit, kube } from "../support/change.ts";
import { set, unset } from "../support/edit.ts";

const noSnapshots = "the definitions of volume snapshots are in no pinned module";

/** Volumes, file systems and buckets. Rows 55 and 56. */
export const storage: readonly Leak[] = [
  {
    row: 55,
    title: "Disks and snapshots that others can read",
    catchers: ["S01"],
    column: "policy",
    variants: [
      {
        name: "plain-class",
        title: "a storage class without encryption, which becomes the default",
        stack: "staging",
        change: add(
          kube("storage.k8s.io/v1", "StorageClass", "fast", {
            metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
            provisioner: "ebs.csi.aws.com",
            parameters: { type: "gp3" },
          }),
        ),
      },
      {
        name: "root-volume",
        title: "the root volumes of the GPU nodes are not encrypted",
        stack: "staging-cluster",
        change: edit(
          "LaunchTemplate",
          "cluster-a100",
          set("blockDeviceMappings[0].ebs.encrypted", "false"),
        ),
      },
      {
        name: "provider-key",
        title: "they are encrypted, with the provider's key",
        stack: "staging-cluster",
        change: edit(
          "LaunchTemplate",
          "cluster-a100",
          unset("blockDeviceMappings[0].ebs.kmsKeyId"),
        ),
      },
      {
        name: "plain-volume",
        title: "a volume of its own, without encryption",
        stack: "staging-cluster",
        change: add(aws("ebs/volume", "scratch", { availabilityZone: "us-east-1a", size: 500 })),
      },
      {
        name: "shared-snapshot",
        title: "another account may make volumes from a snapshot",
        stack: "staging-cluster",
        change: add(
          aws("ec2/snapshotCreateVolumePermission", "vendor", {
            accountId: "999988887777",
            snapshotId: unknown,
          }),
        ),
      },
      {
        name: "public-image",
        title: "everybody may start the machine image",
        stack: "staging-cluster",
        change: add(
          aws("ec2/amiLaunchPermission", "everybody", { imageId: unknown, group: "all" }),
        ),
      },
      {
        name: "snapshot-of-weights",
        title: "a snapshot of the engine's claim, to be restored in another namespace",
        stack: "staging",
        unserved: noSnapshots,
        change: add(
          kube("snapshot.storage.k8s.io/v1", "VolumeSnapshotContent", "weights", {
            spec: {
              deletionPolicy: "Retain",
              driver: "ebs.csi.aws.com",
              source: { snapshotHandle: "snap-0123456789abcdef0" },
              volumeSnapshotRef: { name: "weights", namespace: "research" },
            },
          }),
        ),
      },
    ],
  },
  {
    row: 56,
    title: "File systems and buckets in clear, in public, or in another region",
    catchers: ["S02", "S03", "C03"],
    column: "policy",
    variants: [
      {
        name: "plain-file-system",
        title: "a file system for weights without encryption",
        stack: "staging-cluster",
        change: add(aws("efs/fileSystem", "weights", { throughputMode: "elastic" })),
      },
      {
        name: "mount-in-clear",
        title: "the file system is mounted without TLS",
        stack: "staging",
        change: add(
          kube("v1", "PersistentVolume", "weights-efs", {
            spec: {
              capacity: { storage: "300Gi" },
              accessModes: ["ReadOnlyMany"],
              storageClassName: "weights",
              persistentVolumeReclaimPolicy: "Retain",
              csi: { driver: "efs.csi.aws.com", volumeHandle: "fs-0123456789abcdef0" },
            },
          }),
        ),
      },
      {
        name: "bare-bucket",
        title: "a bucket for evaluation sets, as the provider makes it by default",
        stack: "staging-cluster",
        change: add(aws("s3/bucket", "evaluations", { bucket: "private-llm-evaluations" })),
      },
      {
        name: "public-bucket",
        title: "the wall against public access comes down",
        stack: "staging-cluster",
        change: add(
          aws("s3/bucketPublicAccessBlock", "evaluations", {
            bucket: unknown,
            blockPublicAcls: false,
            blockPublicPolicy: false,
            ignorePublicAcls: false,
            restrictPublicBuckets: false,
          }),
        ),
      },
      {
        name: "replica-abroad",
        title: "a bucket is copied to another region, in another account",
        stack: "staging-cluster",
        change: add(
          aws("s3/bucketReplicationConfig", "abroad", {
            bucket: unknown,
            role: unknown,
            rules: [
              {
                id: "all",
                status: "Enabled",
                destination: {
                  bucket: "arn:aws:s3:::copy-ap-southeast-1",
                  account: "999988887777",
                },
              },
            ],
          }),
        ),
      },
      {
        name: "foreign-region",
        title: "the provider works in another region",
        stack: "staging-cluster",
        change: edit("aws", "aws", set("region", "ap-southeast-1")),
      },
      {
        name: "content-network",
        title: "a bucket behind a content network",
        stack: "staging-cluster",
        change: add(
          aws("cloudfront/distribution", "weights", {
            enabled: true,
            origins: [
              { originId: "weights", domainName: "private-llm-weights.s3.us-east-1.amazonaws.com" },
            ],
            defaultCacheBehavior: {
              targetOriginId: "weights",
              viewerProtocolPolicy: "https-only",
              allowedMethods: ["GET", "HEAD"],
              cachedMethods: ["GET", "HEAD"],
            },
            restrictions: { geoRestriction: { restrictionType: "none" } },
            viewerCertificate: { cloudfrontDefaultCertificate: true },
          }),
        ),
      },
    ],
  },
];
