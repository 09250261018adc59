import { type Field, get, isUnreadable, textOf } from "../model/field.ts";
import { describe, type KubeObject } from "../model/kube-object.ts";
import type { Graph, Violation } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { unreadable, violation } from "../model/violation.ts";
import { isKind } from "./api-groups.ts";
import { containersOf, podTemplate } from "./pod-templates.ts";
import { inInference, isInferenceNamespace } from "./scope.ts";
import { backedVolumes, claimVolumes, volumeNameOf } from "./volume-backing.ts";
import { isWritable, mountsOf } from "./volumes.ts";

/**
 * Who else could write to the storage behind weights. A volume that two namespaces see is also a way out of the
 * one into the other, so the side of inference is read-only throughout.
 * @param weights claims from which engines read, as `namespace/name`
 */
export function sharedStorage(
  graph: Graph,
  weights: ReadonlySet<string>,
  settings: Settings,
): readonly Violation[] {
  if (weights.size === 0) return [];
  const volumes = backedVolumes(graph);
  const asked = graph.objects
    .filter((object) => isKind(object, "PersistentVolumeClaim"))
    .filter(({ namespace, name }) => weights.has(`${String(namespace)}/${String(name)}`))
    .map((object) => ({ object, field: volumeNameOf(object) }));
  const own = new Set(asked.flatMap(({ field }) => textOf(field) ?? []));
  const isOwn = ({ promised, object }: (typeof volumes)[number]) =>
    (promised !== undefined && weights.has(promised)) || own.has(String(object.name));
  const backings = new Set(volumes.filter(isOwn).flatMap(({ backing }) => backing ?? []));
  const beside = volumes.filter((each) => backings.has(each.backing ?? "") || isOwn(each));
  const claims = new Set([...weights, ...beside.flatMap(({ promised }) => promised ?? [])]);
  return [
    ...asked.flatMap(({ object, field }) =>
      isUnreadable(field) ? [unreadable(object, field)] : [],
    ),
    ...volumes.flatMap(({ object, hidden }) => hidden.map((field) => unreadable(object, field))),
    ...beside.flatMap(({ object, promised, claimRef }) =>
      promisedTo(object, promised, claimRef, settings),
    ),
    ...graph.objects.flatMap((object) => writers(object, claims, settings)),
  ];
}

function promisedTo(
  volume: KubeObject,
  promised: string | undefined,
  claimRef: Field,
  settings: Settings,
): readonly Violation[] {
  const hidden = [claimRef, get(claimRef, "namespace"), get(claimRef, "name")].filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(volume, field));
  if (promised === undefined) {
    const problem = "promises the storage of weights to nobody, so any namespace may claim it";
    return [violation(volume, claimRef, problem, "name claim and namespace in claimRef")];
  }
  const namespace = promised.slice(0, promised.indexOf("/"));
  if (isInferenceNamespace(namespace, settings) || namespace === settings.staging?.namespace) {
    return [];
  }
  const problem = `gives "${namespace}" the storage of weights, which staging alone writes to`;
  return [violation(volume, claimRef, problem, "give other namespaces storage of their own")];
}

/** Pods of inference that could write to a claim of weights. */
function writers(
  object: KubeObject,
  claims: ReadonlySet<string>,
  settings: Settings,
): readonly Violation[] {
  const template = podTemplate(object);
  if (template === undefined || !inInference(object, settings)) return [];
  const mounted = claimVolumes(template.spec).filter(
    ({ claim }) =>
      isUnreadable(claim) || claims.has(`${String(object.namespace)}/${textOf(claim) ?? ""}`),
  );
  const paths = new Set(mounted.map(({ volume }) => volume.path));
  return containersOf(template).flatMap(({ field }) =>
    mountsOf(field, template.spec)
      .filter((mount) => mount.volume !== undefined && paths.has(mount.volume.path))
      .filter(isWritable)
      .map((mount) =>
        violation(
          object,
          mount.field,
          `lets ${describe(object)} write to a volume of weights`,
          "set readOnly: true; staging writes, in a namespace of its own",
        ),
      ),
  );
}
