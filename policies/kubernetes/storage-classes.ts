import { checkKey } from "../cloud/customer-key.ts";
import { entries, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { demandOneOf } from "./demands.ts";

/**
 * How the volumes of a provisioner are encrypted. `switch` turns encryption on, `key` names the key;
 * `elsewhere`: its file system, or the host, decides.
 */
type Encryption =
  | { readonly switch?: string; readonly key: string; readonly cloud: "aws" | "other" }
  | { readonly switch: string }
  | "elsewhere";

/** Parameters as each driver documents them, collected 2026-11; not tried against the drivers. */
const provisioners: Readonly<Record<string, Encryption>> = {
  "ebs.csi.aws.com": { switch: "encrypted", key: "kmsKeyId", cloud: "aws" },
  "ebs.csi.eks.amazonaws.com": { switch: "encrypted", key: "kmsKeyId", cloud: "aws" },
  "kubernetes.io/aws-ebs": { switch: "encrypted", key: "kmsKeyId", cloud: "aws" },
  "fsx.csi.aws.com": { key: "kmsKeyId", cloud: "aws" },
  "pd.csi.storage.gke.io": { key: "disk-encryption-kms-key", cloud: "other" },
  "disk.csi.azure.com": { key: "diskEncryptionSetID", cloud: "other" },
  "driver.longhorn.io": { switch: "encrypted" },
  "rbd.csi.ceph.com": { switch: "encrypted" },
  "cephfs.csi.ceph.com": { switch: "encrypted" },
  // S02 asks the file system.
  "efs.csi.aws.com": "elsewhere",
  // Disks of the host, whose encryption no object of the API shows.
  "kubernetes.io/no-provisioner": "elsewhere",
};

export function checkStorageClass(storageClass: KubeObject): readonly Violation[] {
  const root = rootField(storageClass.body);
  const provisioner = get(root, "provisioner");
  if (isUnreadable(provisioner)) return [unreadable(storageClass, provisioner)];
  const encryption = encryptionOf(textOf(provisioner) ?? "");
  if (encryption === undefined) {
    const problem = "is a provisioner of which no rule knows how it encrypts";
    const remedy = "use a storage driver that the policies know";
    return [violation(storageClass, provisioner, problem, remedy)];
  }
  if (encryption === "elsewhere") return [];
  const parameters = get(root, "parameters");
  if (isUnreadable(parameters)) return [unreadable(storageClass, parameters)];
  const on = encryption.switch;
  return [
    ...(on === undefined ? [] : demandSwitch(storageClass, parameterOf(parameters, on), on)),
    ...("key" in encryption
      ? checkClassKey(storageClass, parameterOf(parameters, encryption.key), encryption.cloud)
      : []),
  ];
}

function demandSwitch(object: KubeObject, field: Field, name: string): readonly Violation[] {
  return demandOneOf(object, field, ["true"], `set the parameter ${name} to "true"`);
}

function checkClassKey(
  object: KubeObject,
  field: Field,
  cloud: "aws" | "other",
): readonly Violation[] {
  if (cloud === "aws") return checkKey(object, field);
  if (isUnreadable(field)) return [unreadable(object, field)];
  if (typeof field.value === "string" && field.value !== "") return [];
  const problem = "is absent, so a key of the provider encrypts";
  return [violation(object, field, problem, "name a key of your own")];
}

/** Rook and others put their namespace in front of a driver's name. */
function encryptionOf(provisioner: string): Encryption | undefined {
  const name = Object.keys(provisioners).find(
    (known) => provisioner === known || provisioner.endsWith(`.${known}`),
  );
  return name === undefined ? undefined : provisioners[name];
}

/** The drivers of AWS take parameter names in any case. */
function parameterOf(parameters: Field, name: string): Field {
  const exact = get(parameters, name);
  if (exact.value !== undefined) return exact;
  const other = entries(parameters)?.find(([key]) => key.toLowerCase() === name.toLowerCase());
  return other?.[1] ?? exact;
}

/** What a snapshot class may say; anything else may copy the data to where nobody looks. */
const snapshotParameters =
  /^(?:csi\.storage\.k8s\.io\/[\w-]+|tagSpecification_\d+|fastSnapshotRestoreAvailabilityZones|incremental|clusterID)$/;

/** Drivers whose snapshots stay where the volume is, encrypted as it is. */
const snapshotDrivers =
  /(?:^|\.)(?:(?:ebs|fsx)\.csi\.(?:eks\.amazonaws|aws)\.com|disk\.csi\.azure\.com|pd\.csi\.storage\.gke\.io|driver\.longhorn\.io|(?:rbd|cephfs)\.csi\.ceph\.com)$/;

export function checkSnapshotClass(snapshotClass: KubeObject): readonly Violation[] {
  const root = rootField(snapshotClass.body);
  const [driver, parameters] = [get(root, "driver"), get(root, "parameters")];
  const hidden = [driver, parameters].filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(snapshotClass, field));
  const unknownDriver = !snapshotDrivers.test(textOf(driver) ?? "");
  return [
    ...(unknownDriver
      ? [
          violation(
            snapshotClass,
            driver,
            "is a driver of which no rule knows where its snapshots lie",
            "use a storage driver that the policies know",
          ),
        ]
      : []),
    ...(entries(parameters) ?? []).flatMap(([name, field]) => {
      if (field.value === undefined || snapshotParameters.test(name)) return [];
      if (name === "type" && field.value === "snap") return [];
      const problem = "is a parameter that may copy snapshots to another place";
      return [violation(snapshotClass, field, problem, "remove the parameter")];
    }),
  ];
}
