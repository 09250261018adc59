import { elements, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";

/** How a driver reaches its volumes: over the network with the options that encrypt, or not over files. */
type Transport = { readonly options: readonly string[] } | "block" | "own";

/** Encrypts the calls of NFS with the kernel's own TLS (Linux 6.5 and newer). */
const nfsOptions = ["xprtsec=tls", "xprtsec=mtls"];

/** Options as each driver documents them, collected 2026-11; not tried against the drivers. */
const drivers: Readonly<Record<string, Transport>> = {
  "efs.csi.aws.com": { options: ["tls"] },
  "nfs.csi.k8s.io": { options: nfsOptions },
  "smb.csi.k8s.io": { options: ["seal"] },
  "file.csi.azure.com": { options: ["seal", ...nfsOptions] },
  // Encrypted between hosts of the kinds that take GPUs; no option turns it on or off.
  "fsx.csi.aws.com": "own",
  "ebs.csi.aws.com": "block",
  "ebs.csi.eks.amazonaws.com": "block",
  "pd.csi.storage.gke.io": "block",
  "disk.csi.azure.com": "block",
  "driver.longhorn.io": "block",
  "rbd.csi.ceph.com": "block",
  "cephfs.csi.ceph.com": { options: ["ms_mode=secure"] },
};

/** In-tree volumes of files over the network, and what encrypts them; none where nothing can. */
const inTree: Readonly<Record<string, readonly string[]>> = {
  nfs: nfsOptions,
  cephfs: [],
  glusterfs: [],
  azureFile: ["seal"],
  quobyte: [],
};

export function checkPersistentVolume(volume: KubeObject): readonly Violation[] {
  const spec = get(rootField(volume.body), "spec");
  if (isUnreadable(spec)) return [unreadable(volume, spec)];
  const csi = get(spec, "csi");
  if (isUnreadable(csi)) return [unreadable(volume, csi)];
  const options = get(spec, "mountOptions");
  const old = Object.entries(inTree).find(([kind]) => get(spec, kind).value !== undefined);
  if (old !== undefined) return demandOption(volume, get(spec, old[0]), options, old[1]);
  if (csi.value === undefined) return [];
  const driver = get(csi, "driver");
  if (isUnreadable(driver)) return [unreadable(volume, driver)];
  // A name that can never exist (RFC 2606): no pod can mount the volume of a simulated node.
  if ((textOf(driver) ?? "").endsWith(".invalid")) return [];
  const transport = transportOf(textOf(driver) ?? "");
  if (transport === undefined) {
    const problem = "is a driver of which no rule knows how it moves data";
    return [violation(volume, driver, problem, "use a storage driver that the policies know")];
  }
  if (transport === "block" || transport === "own") return [];
  return [
    ...demandOption(volume, csi, options, transport.options),
    ...checkAttribute(volume, get(csi, "volumeAttributes")),
  ];
}

/** A class of a file driver must mount with the option too, since its volumes copy it. */
export function checkClassOptions(storageClass: KubeObject): readonly Violation[] {
  const root = rootField(storageClass.body);
  const provisioner = get(root, "provisioner");
  const transport = transportOf(textOf(provisioner) ?? "");
  if (transport === undefined || transport === "block" || transport === "own") return [];
  return demandOption(storageClass, provisioner, get(root, "mountOptions"), transport.options);
}

function demandOption(
  object: KubeObject,
  source: Field,
  options: Field,
  wanted: readonly string[],
): readonly Violation[] {
  const listed = elements(options);
  const hidden = listed.filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(object, field));
  if (wanted.length === 0) {
    const problem = "is a file system over the network that cannot encrypt its way";
    return [violation(object, source, problem, "use a driver with TLS")];
  }
  const given = listed.flatMap((option) => (textOf(option) ?? "").split(","));
  if (wanted.some((option) => given.includes(option)) && !given.includes("notls")) return [];
  const problem = `do not hold ${wanted.map((option) => `"${option}"`).join(" or ")}, so data crosses the network in the clear`;
  return [violation(object, options, problem, `add ${wanted[0]} to mountOptions`)];
}

/** The driver of EFS takes this over the mount option. */
function checkAttribute(object: KubeObject, attributes: Field): readonly Violation[] {
  const encrypt = get(attributes, "encryptInTransit");
  if (isUnreadable(encrypt)) return [unreadable(object, encrypt)];
  if (encrypt.value === undefined || encrypt.value === "true") return [];
  return [violation(object, encrypt, "turns encryption of the way off", "remove it")];
}

function transportOf(driver: string): Transport | undefined {
  const name = Object.keys(drivers).find(
    (known) => driver === known || driver.endsWith(`.${known}`),
  );
  return name === undefined ? undefined : drivers[name];
}
