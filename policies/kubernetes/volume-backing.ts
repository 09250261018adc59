import { elements, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Graph } from "../model/rule.ts";
import { isKind } from "./api-groups.ts";

/** A PersistentVolume: what lies behind it, and whom it is promised to. */
export interface BackedVolume {
  readonly object: KubeObject;
  /** Names the storage, the same for two volumes on it; `undefined` where that cannot be told. */
  readonly backing: string | undefined;
  /** Namespace and name of the claim that it is promised to, as `namespace/name`. */
  readonly promised: string | undefined;
  readonly claimRef: Field;
}

/** Volumes of a graph that are made by hand; what a class provisions is a volume of its own. */
export function backedVolumes(graph: Graph): readonly BackedVolume[] {
  return graph.objects
    .filter((object) => isKind(object, "PersistentVolume"))
    .map((object) => {
      const spec = get(rootField(object.body), "spec");
      const claimRef = get(spec, "claimRef");
      const [namespace, name] = [get(claimRef, "namespace"), get(claimRef, "name")].map(textOf);
      return {
        object,
        backing: backingOf(spec),
        promised:
          namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`,
        claimRef,
      };
    });
}

/** Paths of one server, or of one disk, count as one storage: the one may lie in the other. */
function backingOf(spec: Field): string | undefined {
  const parts = [
    ["nfs", get(spec, "nfs", "server")],
    ["csi", get(spec, "csi", "driver"), get(spec, "csi", "volumeHandle")],
    ["local", get(spec, "local", "path")],
  ] as const;
  for (const [kind, ...fields] of parts) {
    if (fields.some(isUnreadable)) return undefined;
    const texts = fields.map((field) => textOf(field));
    if (texts.every((text) => text !== undefined)) return [kind, ...texts].join("\0");
  }
  return undefined;
}

/** Name of the volume that a claim asks for by name. */
export function volumeNameOf(claim: KubeObject): string | undefined {
  return textOf(get(rootField(claim.body), "spec", "volumeName"));
}

/** Claims that a pod template mounts, with the volume of the pod each stands in. */
export function claimVolumes(spec: Field): readonly { readonly claim: Field; volume: Field }[] {
  return elements(get(spec, "volumes")).flatMap((volume) => {
    const claim = get(volume, "persistentVolumeClaim", "claimName");
    return claim.value === undefined ? [] : [{ claim, volume }];
  });
}
