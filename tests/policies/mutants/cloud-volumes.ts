import { unknown } from "../../../policies/model/value.ts";
import { aws, cloudChanged, cloudSettings } from "../cloud-graph.ts";
import { kube } from "../good-graph.ts";
import { added, cloudAdded, cloudMutant, type Mutant } from "./mutant.ts";

const template = "LaunchTemplate/gpu";
const ebs = ["blockDeviceMappings", 0, "ebs"] as const;
const ebsPath = "blockDeviceMappings[0].ebs";
const keyId = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";

const encrypted = { encrypted: true, kmsKeyId: keyId };

export const volumes: readonly Mutant[] = [
  cloudMutant(
    "S01",
    "volume that is not encrypted",
    "Volume/cache",
    ["encrypted"],
    false,
    "encrypted",
  ),
  cloudMutant(
    "S01",
    "volume that says nothing of encryption",
    "Volume/cache",
    ["encrypted"],
    undefined,
    "encrypted",
  ),
  cloudMutant(
    "S01",
    "volume with the provider's key by silence",
    "Volume/cache",
    ["kmsKeyId"],
    undefined,
    "kmsKeyId",
  ),
  cloudMutant(
    "S01",
    "volume with the provider's key by its alias",
    "Volume/cache",
    ["kmsKeyId"],
    "alias/aws/ebs",
    "kmsKeyId",
  ),
  cloudMutant(
    "S01",
    "volume with the provider's key by the ARN of its alias",
    "Volume/cache",
    ["kmsKeyId"],
    "arn:aws:kms:us-east-1:111122223333:alias/aws/ebs",
    "kmsKeyId",
  ),
  cloudAdded(
    "S01",
    "volume with an unknown key that comes from no key of the stack",
    aws("ebs/volume:Volume", "other", { encrypted: true, kmsKeyId: unknown }),
    "kmsKeyId",
  ),
  cloudMutant(
    "S01",
    "launch template that leaves disks to the image",
    template,
    ["blockDeviceMappings"],
    undefined,
    "blockDeviceMappings",
  ),
  cloudMutant(
    "S01",
    "launch template that encrypts a second disk and not the first",
    template,
    ["blockDeviceMappings", 0, "deviceName"],
    "/dev/xvdb",
    "blockDeviceMappings",
  ),
  cloudMutant(
    "S01",
    "launch template whose disk is not encrypted",
    template,
    [...ebs, "encrypted"],
    "false",
    `${ebsPath}.encrypted`,
  ),
  cloudMutant("S01", "launch template with an unknown disk", template, [...ebs], unknown, ebsPath),
  {
    rule: "S01",
    title: "Bottlerocket, whose containers lie on a second disk that nobody maps",
    resources: cloudChanged("NodeGroup/gpu", ["amiType"], "BOTTLEROCKET_x86_64_NVIDIA"),
    object: "aws:ec2/launchTemplate:LaunchTemplate gpu",
    path: "blockDeviceMappings",
    settings: cloudSettings,
  },
  cloudAdded(
    "S01",
    "instance whose root disk says nothing",
    aws("ec2/instance:Instance", "bastion", { ami: "ami-0123456789abcdef0" }),
    "rootBlockDevice.encrypted",
  ),
  cloudAdded(
    "S01",
    "instance with an open second disk",
    aws("ec2/instance:Instance", "bastion", {
      rootBlockDevice: encrypted,
      ebsBlockDevices: [{ encrypted: false, kmsKeyId: keyId }],
    }),
    "ebsBlockDevices[0].encrypted",
  ),
  cloudAdded(
    "S01",
    "launch configuration, which names no key",
    aws("ec2/launchConfiguration:LaunchConfiguration", "old", {}),
  ),
  cloudAdded(
    "S01",
    "machine image given to another account",
    aws("ec2/amiLaunchPermission:AmiLaunchPermission", "share", { accountId: "444455556666" }),
  ),
  cloudAdded(
    "S01",
    "snapshot given to another account",
    aws("ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", "share", {}),
  ),
  cloudAdded(
    "S01",
    "public sharing of snapshots unblocked",
    aws("ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", "open", { state: "unblocked" }),
    "state",
  ),
  cloudAdded(
    "S01",
    "copy of a snapshot without encryption",
    aws("ebs/snapshotCopy:SnapshotCopy", "copy", { sourceRegion: "us-east-1" }),
    "encrypted",
  ),
  cloudAdded(
    "S01",
    "lifecycle policy that shares snapshots",
    aws("dlm/lifecyclePolicy:LifecyclePolicy", "nightly", {
      policyDetails: { schedules: [{ shareRule: { targetAccounts: ["444455556666"] } }] },
    }),
    "policyDetails.schedules[0].shareRule",
  ),
  cloudAdded(
    "S01",
    "backup plan that copies to another vault",
    aws("backup/plan:Plan", "plan", {
      rules: [{ copyActions: [{ destinationVaultArn: unknown }] }],
    }),
    "rules[0].copyActions",
  ),
  cloudMutant(
    "S01",
    "storage class without encryption",
    "StorageClass/fast",
    ["parameters", "encrypted"],
    undefined,
    "parameters.encrypted",
  ),
  cloudMutant(
    "S01",
    "storage class without a key",
    "StorageClass/fast",
    ["parameters", "kmsKeyId"],
    undefined,
    "parameters.kmsKeyId",
  ),
  cloudMutant(
    "S01",
    "storage class of a driver that no rule knows",
    "StorageClass/fast",
    ["provisioner"],
    "csi.example.com",
    "provisioner",
  ),
  cloudMutant(
    "S01",
    "storage class with unknown parameters",
    "StorageClass/fast",
    ["parameters"],
    unknown,
    "parameters",
  ),
  cloudMutant(
    "S01",
    "snapshot class that copies to another place",
    "VolumeSnapshotClass/nightly",
    ["parameters"],
    { "snapshot-type": "images" },
    "parameters.snapshot-type",
  ),
  cloudMutant(
    "S01",
    "snapshot class of an unknown driver",
    "VolumeSnapshotClass/nightly",
    ["driver"],
    "csi.example.com",
    "driver",
  ),
  added(
    "S01",
    "claim filled from a snapshot of another namespace",
    kube("core/v1:PersistentVolumeClaim", "copy", "monitoring", {
      spec: { dataSourceRef: { kind: "VolumeSnapshot", name: "s", namespace: "inference" } },
    }),
    "PersistentVolumeClaim monitoring/copy",
    "spec.dataSourceRef.namespace",
  ),
  added(
    "S01",
    "snapshot of the storage system handed to a namespace",
    kube("snapshot.storage.k8s.io/v1:VolumeSnapshotContent", "given", "monitoring", {
      spec: { source: { snapshotHandle: "snap-1" } },
    }),
    "VolumeSnapshotContent monitoring/given",
    "spec.source.snapshotHandle",
  ),
  added(
    "S01",
    "Karpenter's nodes with disks of the image",
    kube("karpenter.k8s.aws/v1:EC2NodeClass", "gpu", "monitoring", {
      spec: { blockDeviceMappings: [{ ebs: { encrypted: true } }] },
    }),
    "EC2NodeClass monitoring/gpu",
    "spec.blockDeviceMappings[0].ebs.kmsKeyID",
  ),
];
