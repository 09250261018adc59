import { readOnlyVolumeTypes } from "../data/volumes.ts";
import { elements, entries, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import { parseQuantity } from "./quantity.ts";

/** A volume mount of a container together with the volume behind it. */
export interface Mount {
  readonly field: Field;
  /** Path inside the container, without a slash at its end. */
  readonly path: string | undefined;
  /** `undefined` where the pod has no volume of that name, or more than one, or a name is unreadable. */
  readonly volume: Field | undefined;
}

const readOnlyTypes: ReadonlySet<string> = new Set(readOnlyVolumeTypes);

export function mountsOf(container: Field, spec: Field): readonly Mount[] {
  const volumes = elements(get(spec, "volumes"));
  return elements(get(container, "volumeMounts")).map((field) => {
    const name = textOf(get(field, "name"));
    const named = volumes.filter((volume) => get(volume, "name").value === name);
    const path = textOf(get(field, "mountPath"));
    return {
      field,
      path: path === undefined ? undefined : cleanPath(path),
      volume: name === undefined || named.length !== 1 ? undefined : named[0],
    };
  });
}

/** Kubernetes cleans mount paths: doubled slashes, dots and a slash at the end change nothing. */
export function cleanPath(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return `/${steps.join("/")}`;
}

/** The mount that a path of the container lies in: the longest one. */
export function mountAt(mounts: readonly Mount[], path: string): Mount | undefined {
  const at = cleanPath(path);
  return mounts
    .filter((mount) => mount.path !== undefined && isBelow(at, mount.path))
    .toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0))[0];
}

export function isBelow(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** The type of a volume and its source; a volume that names none is an emptyDir. */
export function volumeType(
  volume: Field,
): { readonly type: string; readonly source: Field } | undefined {
  const types = entries(volume)?.filter(
    ([name, part]) => name !== "name" && part.value !== undefined,
  );
  if (types === undefined || types.length > 1) return undefined;
  const [first] = types;
  if (first === undefined) return { type: "emptyDir", source: get(volume, "emptyDir") };
  return { type: first[0], source: first[1] };
}

/** Why a volume may leave something on a disk, with the field at fault; `undefined`: it is sized memory. */
export function sizedMemoryFault(
  volume: Field,
): { readonly field: Field; readonly problem: string } | undefined {
  const found = volumeType(volume);
  if (found === undefined || found.type !== "emptyDir") {
    return { field: volume, problem: "is no emptyDir in memory" };
  }
  const medium = get(found.source, "medium");
  if (medium.value !== "Memory") {
    return {
      field: medium,
      problem: 'is not "Memory", so what is written stays on the node\'s disk',
    };
  }
  const limit = get(found.source, "sizeLimit");
  if ((sizedBytes(volume) ?? 0) > 0) return undefined;
  return { field: limit, problem: "states no size, so it may take all memory of the node" };
}

/** Size limit of an emptyDir, bytes. */
export function sizedBytes(volume: Field): number | undefined {
  return parseQuantity(get(volume, "emptyDir", "sizeLimit").value);
}

/** Whether a container may change files through a mount; what cannot be read may be changed. */
export function isWritable(mount: Mount): boolean {
  if (get(mount.field, "readOnly").value === true) return false;
  const found = mount.volume === undefined ? undefined : volumeType(mount.volume);
  if (found === undefined || isUnreadable(found.source)) return true;
  if (readOnlyTypes.has(found.type)) return false;
  return !(found.type === "persistentVolumeClaim" && get(found.source, "readOnly").value === true);
}
