import { isRelevantKind } from "../../../kubernetes/relevant-paths.ts";
import { get, rootField } from "../../../model/field.ts";
import { type KubeObject, kubeObject } from "../../../model/kube-object.ts";
import type { Resource } from "../../../model/resource.ts";
import type { Graph, Violation } from "../../../model/rule.ts";

/** Changes of a resource that Pulumi is told to leave alone, where a rule may read them. */
export function checkIgnoredChanges(graph: Graph): readonly Violation[] {
  const scaled = scaledWorkloads(graph);
  return graph.resources.flatMap((resource) =>
    resource.options.ignoreChanges
      .filter((path) => !mayBeIgnored(resource, path, scaled))
      .map((path) => ({
        resource,
        path,
        problem: "is listed in ignoreChanges, so what runs can differ from what was checked",
        remedy:
          "remove it from ignoreChanges; only a size that an autoscaler sets, and tags of the cloud, may stay",
      })),
  );
}

/** Tags decide nothing, and a node group's size belongs to its autoscaler. */
const cloudFields = new Set(["desiredCapacity", "scalingConfig.desiredSize", "tags", "tagsAll"]);

function mayBeIgnored(resource: Resource, path: string, scaled: ReadonlySet<string>): boolean {
  if (resource.type.startsWith("aws:")) return cloudFields.has(path);
  const object = kubeObject(resource);
  if (object === undefined || !isRelevantKind(object)) return true;
  return path === "spec.replicas" && isScaled(object, scaled);
}

function isScaled({ namespace, kind, name }: KubeObject, scaled: ReadonlySet<string>): boolean {
  if (typeof namespace !== "string" || typeof name !== "string") return false;
  return scaled.has(`${namespace}/${kind}/${name}`);
}

/** Workloads whose replica count belongs to an autoscaler, as `namespace/Kind/name`. */
function scaledWorkloads(graph: Graph): ReadonlySet<string> {
  const found = new Set<string>();
  for (const object of graph.objects) {
    if (object.kind !== "HorizontalPodAutoscaler" && object.kind !== "ScaledObject") continue;
    const target = get(rootField(object.body), "spec", "scaleTargetRef");
    const kind = get(target, "kind").value ?? "Deployment";
    const name = get(target, "name").value;
    if (typeof object.namespace !== "string") continue;
    if (typeof kind !== "string" || typeof name !== "string") continue;
    found.add(`${object.namespace}/${kind}/${name}`);
  }
  return found;
}
