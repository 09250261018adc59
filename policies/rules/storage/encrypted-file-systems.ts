import { type Aws, type AwsResource, awsOf, given } from "../../cloud/aws.ts";
import { checkResourceKey } from "../../cloud/customer-key.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { checkClassOptions, checkPersistentVolume } from "../../kubernetes/persistent-volumes.ts";
import { rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";

export const encryptedFileSystems: StackRule = {
  id: "S02",
  name: "encrypted-file-systems",
  level: "stack",
  description:
    "Every shared file system is encrypted with a key of the owner, is not replicated elsewhere, and is mounted with encryption on the way.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["32(1)(a)"], hipaa: ["164.312(a)(2)(iv)"] },
  remedy: "encrypt the file system with a KMS key of your own and mount it with TLS",
  check: (graph) => {
    const aws = awsOf(graph);
    return [
      ...aws.all.flatMap((resource) => checks[resource.kind]?.(aws, resource) ?? []),
      ...graph.objects.flatMap(checkObject),
    ];
  },
};

type Check = (aws: Aws, resource: AwsResource) => readonly Violation[];

const checks: Readonly<Record<string, Check>> = {
  "efs.FileSystem": (aws, system) => [
    ...demandOneOf(system, given(system, "encrypted"), [true], "set encrypted: true"),
    ...checkResourceKey(aws, system, given(system, "kmsKeyId")),
  ],
  "efs.ReplicationConfiguration": (_, replication) => [
    violation(
      replication,
      rootField(replication.resource.properties),
      "copies a file system to another place",
      "remove the replication",
    ),
  ],
  "fsx.LustreFileSystem": (aws, system) => [
    // A scratch file system takes no key.
    ...demandOneOf(
      system,
      given(system, "deploymentType"),
      ["PERSISTENT_1", "PERSISTENT_2"],
      'set deploymentType: "PERSISTENT_2"',
    ),
    ...checkKeyOf(aws, system),
  ],
  "fsx.FileCache": checkKeyOf,
  "fsx.OntapFileSystem": checkKeyOf,
  "fsx.OpenZfsFileSystem": checkKeyOf,
  "fsx.WindowsFileSystem": checkKeyOf,
};

function checkKeyOf(aws: Aws, system: AwsResource): readonly Violation[] {
  return checkResourceKey(aws, system, given(system, "kmsKeyId"));
}

function checkObject(object: KubeObject): readonly Violation[] {
  if (isKind(object, "PersistentVolume")) return checkPersistentVolume(object);
  return isKind(object, "StorageClass") ? checkClassOptions(object) : [];
}
