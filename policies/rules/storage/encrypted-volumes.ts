import { type Aws, type AwsResource, awsOf, given } from "../../cloud/aws.ts";
import {
  checkDevice,
  checkInstanceDevices,
  checkTemplateDevices,
} from "../../cloud/block-devices.ts";
import { checkKey, checkResourceKey } from "../../cloud/customer-key.ts";
import { groupOf, isKind } from "../../kubernetes/api-groups.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { checkSnapshotClass, checkStorageClass } from "../../kubernetes/storage-classes.ts";
import { elements, type Field, get, isEmpty, isUnreadable, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const encryptedVolumes: StackRule = {
  id: "S01",
  name: "encrypted-volumes",
  level: "stack",
  description:
    "Every disk, volume and snapshot is encrypted with a key of the owner, and no snapshot or machine image is shared or copied away.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["32(1)(a)"], hipaa: ["164.312(a)(2)(iv)"] },
  remedy: "set encrypted: true and name a KMS key of your own",
  check: (graph) => {
    const aws = awsOf(graph);
    return [
      ...aws.all.flatMap((resource) => checks[resource.kind]?.(aws, resource) ?? []),
      ...graph.objects.flatMap(checkObject),
    ];
  },
};

type Check = (aws: Aws, resource: AwsResource) => readonly Violation[];

/** By module and class of the provider. */
const checks: Readonly<Record<string, Check>> = {
  "ebs.Volume": checkWhole,
  "ebs.SnapshotCopy": checkWhole,
  "ebs.SnapshotImport": checkWhole,
  "ec2.AmiCopy": checkWhole,
  "ec2.Ami": (_, ami) =>
    elements(given(ami, "ebsBlockDevices")).flatMap((device) =>
      demandOneOf(ami, get(device, "encrypted"), [true], "set encrypted: true"),
    ),
  "ec2.LaunchTemplate": checkTemplateDevices,
  "ec2.Instance": checkInstanceDevices,
  "ec2.SpotInstanceRequest": checkInstanceDevices,
  "ec2.LaunchConfiguration": (_, configuration) => [
    violation(
      configuration,
      rootField(configuration.resource.properties),
      "is a launch configuration, which cannot name a key",
      "use an aws.ec2.LaunchTemplate",
    ),
  ],
  "ec2.AmiLaunchPermission": refuseSharing,
  "ec2.SnapshotCreateVolumePermission": refuseSharing,
  "ebs.EncryptionByDefault": (_, setting) =>
    demandOneOf(setting, given(setting, "enabled"), [undefined, true], "remove enabled: false"),
  "ebs.DefaultKmsKey": (aws, setting) => checkResourceKey(aws, setting, given(setting, "keyArn")),
  "ebs.SnapshotBlockPublicAccess": refusePublic,
  "ec2.ImageBlockPublicAccess": refusePublic,
  "backup.Vault": (aws, vault) => checkResourceKey(aws, vault, given(vault, "kmsKeyArn")),
  "backup.Plan": (_, plan) =>
    elements(given(plan, "rules")).flatMap((rule) => refuseCopies(plan, get(rule, "copyActions"))),
  "dlm.LifecyclePolicy": checkLifecycle,
};

function checkWhole(aws: Aws, resource: AwsResource): readonly Violation[] {
  return checkDevice(aws, resource, rootField(resource.resource.properties));
}

function refuseSharing(_: Aws, permission: AwsResource): readonly Violation[] {
  const field = rootField(permission.resource.properties);
  const problem = "gives another account a machine image or snapshot";
  return [violation(permission, field, problem, "remove the permission")];
}

function refusePublic(_: Aws, setting: AwsResource): readonly Violation[] {
  return demandOneOf(
    setting,
    given(setting, "state"),
    ["block-all-sharing", "block-new-sharing"],
    "block public sharing",
  );
}

function refuseCopies(resource: AwsResource, field: Field): readonly Violation[] {
  if (isEmpty(field)) return [];
  if (isUnreadable(field)) return [unreadable(resource, field)];
  const problem = "copies data to another vault, region or account";
  return [violation(resource, field, problem, "remove it")];
}

/** Policies of the Data Lifecycle Manager, which copy and share snapshots on their own. */
function checkLifecycle(_: Aws, policy: AwsResource): readonly Violation[] {
  const details = given(policy, "policyDetails");
  return [
    get(details, "crossRegionCopyTargets"),
    ...elements(get(details, "schedules")).flatMap((schedule) => [
      get(schedule, "crossRegionCopyRules"),
      get(schedule, "shareRule"),
    ]),
    ...elements(get(details, "actions")).map((action) => get(action, "crossRegionCopies")),
  ].flatMap((field) => refuseCopies(policy, field));
}

function checkObject(object: KubeObject): readonly Violation[] {
  const group = groupOf(object);
  const root = rootField(object.body);
  if (isKind(object, "StorageClass")) return checkStorageClass(object);
  if (isKind(object, "PersistentVolumeClaim")) return checkClaim(object);
  switch (`${group}/${object.kind}`) {
    case "snapshot.storage.k8s.io/VolumeSnapshotClass":
      return checkSnapshotClass(object);
    case "snapshot.storage.k8s.io/VolumeSnapshotContent":
      return checkContent(object);
    case "eks.amazonaws.com/NodeClass":
      return checkKey(object, get(root, "spec", "ephemeralStorage", "kmsKeyID"));
    case "karpenter.k8s.aws/EC2NodeClass":
      return checkNodeClass(object, get(root, "spec", "blockDeviceMappings"));
    default:
      return [];
  }
}

function checkNodeClass(object: KubeObject, mappings: Field): readonly Violation[] {
  if (isEmpty(mappings)) {
    const problem = "is absent, so the disks of nodes get a key of the provider";
    return [violation(object, mappings, problem)];
  }
  return elements(mappings).flatMap((mapping) => {
    if (isUnreadable(mapping)) return [unreadable(object, mapping)];
    const ebs = get(mapping, "ebs");
    return [
      ...demandOneOf(object, get(ebs, "encrypted"), [true], "set encrypted: true"),
      ...checkKey(object, get(ebs, "kmsKeyID")),
    ];
  });
}

/** A claim that is filled from another namespace carries data across the walls. */
function checkClaim(claim: KubeObject): readonly Violation[] {
  const from = get(rootField(claim.body), "spec", "dataSourceRef", "namespace");
  if (isUnreadable(from)) return [unreadable(claim, from)];
  if (from.value === undefined || from.value === claim.namespace) return [];
  const problem = "fills the volume from a snapshot of another namespace";
  return [violation(claim, from, problem, "remove the namespace")];
}

/** Written by hand, it binds any snapshot of the storage system into a namespace of its choice. */
function checkContent(content: KubeObject): readonly Violation[] {
  const handle = get(rootField(content.body), "spec", "source", "snapshotHandle");
  if (isUnreadable(handle)) return [unreadable(content, handle)];
  if (handle.value === undefined) return [];
  const problem = "hands an existing snapshot to a namespace, whosever data it holds";
  return [violation(content, handle, problem, "let a VolumeSnapshot make its own content")];
}
