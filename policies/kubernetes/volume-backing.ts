import { elements, type Field, get, isUnreadable, rootField, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Graph } from "../model/rule.ts";
import { isKind } from "./api-groups.ts";

/** A PersistentVolume: what lies behind it, and whom it is promised to. */
export interface BackedVolume {
  readonly object: KubeObject;
  /** Names the storage, the same for two volumes on it; `undefined` for a kind of which no rule knows it. */
  readonly backing: string | undefined;
  /** Parts of it that cannot be read: it may be any storage. */
  readonly hidden: readonly Field[];
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
      const fields = isUnreadable(spec) ? [spec] : backingFields(spec);
      const hidden = fields.filter(isUnreadable);
      const known = fields.length > 0 && hidden.length === 0;
      return {
        object,
        backing: known
          ? fields.map((field) => `${field.path}=${textOf(field) ?? ""}`).join()
          : undefined,
        hidden,
        promised:
          namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`,
        claimRef,
      };
    });
}

/** Of one server all paths count as one storage: the one may lie in the other. */
function backingFields(spec: Field): readonly Field[] {
  const kinds = [
    [get(spec, "nfs", "server")],
    [get(spec, "csi", "driver"), get(spec, "csi", "volumeHandle")],
    [get(spec, "local", "path")],
  ];
  return kinds.find((fields) => fields.some(({ value }) => value !== undefined)) ?? [];
}

/** Name of the volume that a claim asks for by name. */
export function volumeNameOf(claim: KubeObject): Field {
  return get(rootField(claim.body), "spec", "volumeName");
}

/** Claims that a pod template mounts, with the volume of the pod each stands in. */
export function claimVolumes(spec: Field): readonly { readonly claim: Field; volume: Field }[] {
  return elements(get(spec, "volumes")).flatMap((volume) => {
    const claim = get(volume, "persistentVolumeClaim", "claimName");
    return claim.value === undefined ? [] : [{ claim, volume }];
  });
}
