import { isKind } from "../kubernetes/api-groups.ts";
import { isWorkload } from "../kubernetes/pod-templates.ts";
import { inInference } from "../kubernetes/scope.ts";
import { selectsEverything } from "../kubernetes/selectors.ts";
import { get, isEmpty, rootField } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Resource } from "../model/resource.ts";
import type { Graph, Violation } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { violation } from "../model/violation.ts";

/**
 * Workloads that a program makes without waiting for the default deny of their namespace: until it
 * stands, nothing holds their pods back. Manifests and running clusters state no order.
 */
export function checkStartOrder(graph: Graph, settings: Settings): readonly Violation[] {
  const walls = wallsByNamespace(graph);
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  return graph.objects
    .filter((object) => isWorkload(object) && inInference(object, settings) && isProgrammed(object))
    .flatMap((object) => {
      const missing = (walls.get(String(object.namespace)) ?? []).filter(
        (wall) => !waitsFor(object.resource, wall, byUrn),
      );
      if (missing.length === 0) return [];
      return [
        violation(
          object,
          get(rootField(object.body), "metadata", "name"),
          "does not wait for the default deny of its namespace, so it may start before it",
          "add the NetworkPolicy to dependsOn of the workload or of its component",
        ),
      ];
    });
}

function isProgrammed({ resource }: KubeObject): boolean {
  return resource.urn.startsWith("urn:pulumi:") && resource.source === undefined;
}

/** URNs of the policies that select every pod of a namespace and allow nothing, by namespace. */
function wallsByNamespace(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const walls = new Map<string, string[]>();
  for (const object of graph.objects) {
    if (!isKind(object, "NetworkPolicy") || typeof object.namespace !== "string") continue;
    const spec = get(rootField(object.body), "spec");
    if (!selectsEverything(get(spec, "podSelector")) || !isEmpty(get(spec, "egress"))) continue;
    const known = walls.get(object.namespace) ?? [];
    walls.set(object.namespace, [...known, object.resource.urn]);
  }
  return walls;
}

/** A child waits for what its component waits for, and for what those wait for in turn. */
function waitsFor(start: Resource, wall: string, byUrn: ReadonlyMap<string, Resource>): boolean {
  const seen = new Set([start.urn]);
  for (const urn of seen) {
    if (urn === wall) return true;
    const resource = byUrn.get(urn);
    if (resource === undefined) continue;
    for (const next of resource.dependencies) seen.add(next);
    if (resource.parent !== undefined) seen.add(resource.parent);
  }
  return false;
}
