import { type Field, get, rootField } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Graph } from "../model/rule.ts";

/** Replicas at most of the workloads whose count belongs to an autoscaler, by `namespace/Kind/name`. */
export type ScaledWorkloads = ReadonlyMap<string, Field>;

export function scaledWorkloads(graph: Graph): ScaledWorkloads {
  const found = new Map<string, Field>();
  for (const object of graph.objects) {
    if (object.kind !== "HorizontalPodAutoscaler" && object.kind !== "ScaledObject") continue;
    const spec = get(rootField(object.body), "spec");
    const target = get(spec, "scaleTargetRef");
    const kind = get(target, "kind").value ?? "Deployment";
    const name = get(target, "name").value;
    if (typeof object.namespace !== "string") continue;
    if (typeof kind !== "string" || typeof name !== "string") continue;
    const most = get(spec, object.kind === "ScaledObject" ? "maxReplicaCount" : "maxReplicas");
    found.set(`${object.namespace}/${kind}/${name}`, most);
  }
  return found;
}

/** What an autoscaler may make of a workload at most; `undefined` where none has a say. */
export function scaledTo(object: KubeObject, scaled: ScaledWorkloads): Field | undefined {
  const { namespace, kind, name } = object;
  if (typeof namespace !== "string" || typeof name !== "string") return undefined;
  return scaled.get(`${namespace}/${kind}/${name}`);
}
