import { inferenceVolumeTypes, systemFolders } from "../../data/volumes.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { podSpecOf } from "../../kubernetes/pod-spec.ts";
import { inInference, inInfrastructure, isInferenceNamespace } from "../../kubernetes/scope.ts";
import { cleanPath, isBelow } from "../../kubernetes/volumes.ts";
import {
  elements,
  entries,
  type Field,
  get,
  isUnreadable,
  rootField,
  textOf,
} from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

const inferenceTypes: ReadonlySet<string> = new Set(inferenceVolumeTypes);

const typeRemedy =
  "use a persistentVolumeClaim, an emptyDir, a configMap or a secret; a disk of the node is a PersistentVolume of type local";

export const volumeTypes: ResourceRule = {
  id: "W02",
  name: "volume-types",
  level: "resource",
  description:
    "No inference pod mounts a folder of its node or a volume that the cluster does not control, and no pod outside the infrastructure reaches the container runtime.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { cis: ["5.2.12"], nsa: ["Pod"] },
  remedy: typeRemedy,
  check: (object, settings) => {
    if (isKind(object, "PersistentVolume")) return checkPersistentVolume(object, settings);
    const spec = podSpecOf(object);
    if (spec === undefined || inInfrastructure(object, settings)) return [];
    if (isUnreadable(spec)) return [unreadable(object, spec)];
    const check = inInference(object, settings) ? checkType : checkSocket;
    return elements(get(spec, "volumes")).flatMap((volume) => check(object, volume));
  },
};

function checkType(object: KubeObject, volume: Field): readonly Violation[] {
  const parts = entries(volume);
  if (parts === undefined) return [unreadable(object, volume)];
  return parts
    .filter(([name, part]) => name !== "name" && part.value !== undefined)
    .filter(([name]) => !inferenceTypes.has(name))
    .map(([name, part]) =>
      violation(object, part, `"${name}" is no volume that an inference pod may mount`),
    );
}

/** Folders in which container runtimes keep their sockets; whoever mounts one owns the node. */
const runtimeFolders = ["/run", "/var/run", "/var/lib/containerd", "/var/lib/docker"];

function checkSocket(object: KubeObject, volume: Field): readonly Violation[] {
  if (isUnreadable(volume)) return [unreadable(object, volume)];
  const path = get(volume, "hostPath", "path");
  if (isUnreadable(path)) return [unreadable(object, path)];
  const text = textOf(path);
  if (text === undefined || !runtimeFolders.some((folder) => touches(text, folder))) return [];
  return [violation(object, path, "reaches the sockets of the container runtime")];
}

/** Whether one of two folders lies in the other. */
function touches(text: string, folder: string): boolean {
  const path = cleanPath(text);
  return isBelow(path, folder) || isBelow(folder, path);
}

/** A volume may be claimed from any namespace, unless it is promised to one. */
function checkPersistentVolume(volume: KubeObject, settings: Settings): readonly Violation[] {
  const spec = get(rootField(volume.body), "spec");
  if (isUnreadable(spec)) return [unreadable(volume, spec)];
  const promised = get(spec, "claimRef", "namespace");
  const elsewhere =
    typeof promised.value === "string" &&
    !isUnreadable(promised) &&
    !isInferenceNamespace(promised.value, settings);
  if (elsewhere) return [];
  const hostPath = get(spec, "hostPath");
  const local = get(spec, "local", "path");
  return [
    ...(hostPath.value === undefined
      ? []
      : [violation(volume, hostPath, "is a folder of a node that an inference pod could claim")]),
    ...checkLocal(volume, local),
  ];
}

function checkLocal(volume: KubeObject, path: Field): readonly Violation[] {
  if (path.value === undefined) return [];
  if (isUnreadable(path)) return [unreadable(volume, path)];
  const text = textOf(path) ?? "";
  const folder = cleanPath(text);
  if (folder !== "/" && !systemFolders.some((each) => isBelow(folder, each))) return [];
  const problem = `"${text}" is a folder of the operating system, not a disk for data`;
  return [violation(volume, path, problem, "mount the disk below /mnt and name that folder")];
}
