import { isRelevantKind } from "../../../kubernetes/relevant-paths.ts";
import {
  type ScaledWorkloads,
  scaledTo,
  scaledWorkloads,
} from "../../../kubernetes/scaled-workloads.ts";
import { kubeObject } from "../../../model/kube-object.ts";
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

function mayBeIgnored(resource: Resource, path: string, scaled: ScaledWorkloads): boolean {
  if (resource.type.startsWith("aws:")) return cloudFields.has(path);
  const object = kubeObject(resource);
  if (object === undefined || !isRelevantKind(object)) return true;
  return path === "spec.replicas" && scaledTo(object, scaled) !== undefined;
}
