import {
  elements,
  entries,
  type Field,
  get,
  isUnreadable,
  rootField,
  textOf,
} from "../model/field.ts";
import { describe, type KubeObject } from "../model/kube-object.ts";
import type { Graph } from "../model/rule.ts";
import { unknown } from "../model/value.ts";
import { isKind } from "./api-groups.ts";
import { type PodTemplate, podTemplate } from "./pod-templates.ts";

/** Claims of a graph: how each may be mounted, and by which workloads. */
export interface Claims {
  /** Access modes by `namespace/name`. */
  readonly modes: ReadonlyMap<string, readonly Field[]>;
  /** Workloads by `namespace/name` of the claim they mount. */
  readonly users: ReadonlyMap<string, ReadonlySet<string>>;
}

export function claimsOf(graph: Graph): Claims {
  const modes = new Map<string, readonly Field[]>();
  const users = new Map<string, Set<string>>();
  for (const object of graph.objects) {
    if (isKind(object, "PersistentVolumeClaim")) {
      const list = elements(get(rootField(object.body), "spec", "accessModes"));
      modes.set(`${String(object.namespace)}/${String(object.name)}`, list);
    }
    const template = podTemplate(object);
    if (template === undefined) continue;
    for (const volume of elements(get(template.spec, "volumes"))) {
      const key = claimKey(object, get(volume, "persistentVolumeClaim", "claimName"));
      if (key === undefined) continue;
      users.set(key, (users.get(key) ?? new Set()).add(describe(object)));
    }
  }
  return { modes, users };
}

function claimKey(object: KubeObject, name: Field): string | undefined {
  if (object.namespace === unknown || typeof name.value !== "string") return undefined;
  return `${String(object.namespace)}/${name.value}`;
}

/** How a volume is shared; `undefined` for one that only the pod, or only its own workload, writes to. */
export function sharing(
  object: KubeObject,
  template: PodTemplate,
  volumeName: Field,
  claims: Claims,
): string | undefined {
  if (isUnreadable(volumeName)) return "is a volume that is not known yet";
  const volume = elements(get(template.spec, "volumes")).find(
    (each) => textOf(get(each, "name")) === textOf(volumeName),
  );
  if (volume === undefined) return fromTemplate(object, volumeName);
  if (get(volume, "emptyDir").value !== undefined) return undefined;
  if (get(volume, "ephemeral").value !== undefined) return undefined;
  const claim = get(volume, "persistentVolumeClaim");
  if (claim.value !== undefined) return sharedClaim(object, get(claim, "claimName"), claims);
  const kind = (entries(volume) ?? []).map(([key]) => key).find((key) => key !== "name");
  return `is a volume of kind ${kind ?? "unknown"}, which others can write to`;
}

/** A StatefulSet makes one claim for each pod. */
function fromTemplate(object: KubeObject, volumeName: Field): string | undefined {
  const templates = elements(get(rootField(object.body), "spec", "volumeClaimTemplates"));
  const own = templates.find(
    (each) => textOf(get(each, "metadata", "name")) === textOf(volumeName),
  );
  if (own === undefined) return "names no volume of the pod";
  return sharedModes(elements(get(own, "spec", "accessModes")));
}

function sharedClaim(object: KubeObject, name: Field, claims: Claims): string | undefined {
  const key = claimKey(object, name);
  if (key === undefined) return "is a claim that is not known yet";
  const modes = claims.modes.get(key);
  if (modes === undefined) return "is a claim that is not declared beside it";
  if ((claims.users.get(key)?.size ?? 0) > 1)
    return "is a claim that another workload mounts as well";
  return sharedModes(modes);
}

const privateModes = new Set(["ReadWriteOnce", "ReadWriteOncePod"]);

function sharedModes(modes: readonly Field[]): string | undefined {
  const own = modes.length > 0 && modes.every((mode) => privateModes.has(textOf(mode) ?? ""));
  return own ? undefined : "is a claim that several nodes may mount";
}

/** Whether a container can write to a mount. */
export function isWritable(template: PodTemplate, mount: Field): boolean {
  if (get(mount, "readOnly").value === true) return false;
  const name = textOf(get(mount, "name"));
  const volume = elements(get(template.spec, "volumes")).find(
    (each) => textOf(get(each, "name")) === name,
  );
  if (volume === undefined) return true;
  if (get(volume, "persistentVolumeClaim", "readOnly").value === true) return false;
  return !["configMap", "secret", "projected", "downwardAPI", "image"].some(
    (kind) => get(volume, kind).value !== undefined,
  );
}
