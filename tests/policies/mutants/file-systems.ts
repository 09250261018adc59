import { unknown } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { kube } from "../good-graph.ts";
import { added, cloudAdded, cloudMutant, type Mutant } from "./mutant.ts";

const keyId = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";

export const fileSystems: readonly Mutant[] = [
  cloudMutant(
    "S02",
    "file system that is not encrypted",
    "FileSystem/weights",
    ["encrypted"],
    false,
    "encrypted",
  ),
  cloudMutant(
    "S02",
    "file system with the provider's key",
    "FileSystem/weights",
    ["kmsKeyId"],
    undefined,
    "kmsKeyId",
  ),
  cloudMutant(
    "S02",
    "file system of unknown encryption",
    "FileSystem/weights",
    ["encrypted"],
    unknown,
    "encrypted",
  ),
  cloudAdded(
    "S02",
    "file system replicated to another region",
    aws("efs/replicationConfiguration:ReplicationConfiguration", "copy", {
      destination: { region: "us-east-1" },
    }),
  ),
  cloudAdded(
    "S02",
    "scratch Lustre, which takes no key",
    aws("fsx/lustreFileSystem:LustreFileSystem", "fast", {
      deploymentType: "SCRATCH_2",
      kmsKeyId: keyId,
    }),
    "deploymentType",
  ),
  cloudAdded(
    "S02",
    "OpenZFS with the provider's key",
    aws("fsx/openZfsFileSystem:OpenZfsFileSystem", "zfs", {}),
    "kmsKeyId",
  ),
  cloudMutant(
    "S02",
    "mount without TLS",
    "PersistentVolume/weights",
    ["spec", "mountOptions"],
    undefined,
    "spec.mountOptions",
  ),
  cloudMutant(
    "S02",
    "mount with TLS turned off again",
    "PersistentVolume/weights",
    ["spec", "mountOptions"],
    ["tls,notls"],
    "spec.mountOptions",
  ),
  cloudMutant(
    "S02",
    "mount with TLS turned off by the driver's attribute",
    "PersistentVolume/weights",
    ["spec", "csi", "volumeAttributes"],
    { encryptInTransit: "false" },
    "spec.csi.volumeAttributes.encryptInTransit",
  ),
  cloudMutant(
    "S02",
    "mount options that are not known",
    "PersistentVolume/weights",
    ["spec", "mountOptions"],
    unknown,
    "spec.mountOptions",
  ),
  cloudMutant(
    "S02",
    "volume of a driver that no rule knows",
    "PersistentVolume/weights",
    ["spec", "csi", "driver"],
    "csi.example.com",
    "spec.csi.driver",
  ),
  added(
    "S02",
    "NFS in the clear",
    kube("core/v1:PersistentVolume", "share", undefined, {
      spec: { nfs: { server: "10.10.0.9", path: "/" }, mountOptions: ["nfsvers=4.2"] },
    }),
    "PersistentVolume share",
    "spec.mountOptions",
  ),
  added(
    "S02",
    "storage class of EFS without TLS",
    kube("storage.k8s.io/v1:StorageClass", "shared", undefined, {
      provisioner: "efs.csi.aws.com",
    }),
    "StorageClass shared",
    "mountOptions",
  ),
];
