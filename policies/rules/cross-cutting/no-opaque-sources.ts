import { groupOf, isBuiltIn } from "../../kubernetes/api-groups.ts";
import {
  isInert,
  isPluginPolicy,
  isPodMaker,
  isTierPolicy,
} from "../../kubernetes/custom-kinds.ts";
import { isOperated } from "../../kubernetes/image-fields.ts";
import { isRelevantKind } from "../../kubernetes/relevant-paths.ts";
import { inInference } from "../../kubernetes/scope.ts";
import { elements, entries, type Field, get, rootField, textOf } from "../../model/field.ts";
import { type KubeObject, kubeObject } from "../../model/kube-object.ts";
import type { Resource } from "../../model/resource.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const noOpaqueSources: StackRule = {
  id: "C02",
  name: "no-opaque-sources",
  level: "stack",
  description:
    "Everything that can make a pod or open a way out is in the graph as an object that the rules can read.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy:
    "declare the objects themselves, or expand the source so that its objects are in the graph",
  check: (graph, settings) => {
    const parents = new Set(graph.resources.map((resource) => resource.parent));
    const scaled = scaledWorkloads(graph);
    return [
      ...graph.resources.flatMap((resource) => checkSource(resource, parents)),
      ...graph.objects.flatMap((object) => [
        ...checkPatch(object),
        ...checkIgnoredChanges(object, scaled),
        ...checkCustomResource(object, settings),
      ]),
    ];
  },
};

/** Sources that register what they make as children, so that rules see it. */
const expandable = /^kubernetes:(?:helm\.sh\/v4:Chart|(?:yaml|kustomize)(?:\/v\d+)?:\w+)$/;

function checkSource(
  resource: Resource,
  parents: ReadonlySet<string | undefined>,
): readonly Violation[] {
  const { type } = resource;
  if (type.startsWith("kubernetes:helm.sh/v3:")) {
    const problem = "is installed by Helm itself, so no rule sees its objects";
    return [{ resource, path: "", problem, remedy: "use kubernetes:helm.sh/v4:Chart" }];
  }
  if (expandable.test(type)) {
    if (parents.has(resource.urn)) return [];
    const problem = "has no objects in the graph, so nobody knows what it makes";
    return [{ resource, path: "", problem }];
  }
  if (!type.startsWith("kubernetes:") || kubeObject(resource) !== undefined) return [];
  return [{ resource, path: "", problem: `has the type "${type}", which no rule can read` }];
}

/** Fields of a NodePatch that only steer scheduling, and what the API server itself fills in. */
const nodePatchFields = {
  metadata: new Set([
    "annotations",
    "creationTimestamp",
    "generation",
    "labels",
    "managedFields",
    "name",
    "resourceVersion",
    "uid",
  ]),
  spec: new Set(["podCIDR", "podCIDRs", "providerID", "taints"]),
};

function checkPatch(object: KubeObject): readonly Violation[] {
  if (!object.kind.endsWith("Patch") || !isBuiltIn(object)) return [];
  const root = rootField(object.body);
  if (object.kind !== "NodePatch") {
    const problem = `changes a ${object.kind.replace(/Patch$/, "")} that is not in the graph`;
    return [violation(object, root, problem, "declare the whole object instead of a patch")];
  }
  return Object.entries(nodePatchFields).flatMap(([section, allowed]) => {
    const fields = entries(get(root, section));
    if (fields === undefined) return [unreadable(object, get(root, section))];
    return fields
      .filter(([name, field]) => field.value !== undefined && !allowed.has(name))
      .map(([, field]) =>
        violation(
          object,
          field,
          "changes more of a node than labels, annotations and taints",
          "keep the patch to metadata.labels, metadata.annotations and spec.taints",
        ),
      );
  });
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

function checkIgnoredChanges(
  object: KubeObject,
  scaled: ReadonlySet<string>,
): readonly Violation[] {
  const ignored = object.resource.options.ignoreChanges;
  if (ignored.length === 0 || !isRelevantKind(object)) return [];
  const key =
    typeof object.namespace === "string" && typeof object.name === "string"
      ? `${object.namespace}/${object.kind}/${object.name}`
      : undefined;
  const autoscaled = key !== undefined && scaled.has(key);
  return ignored
    .filter((path) => !(autoscaled && path === "spec.replicas"))
    .map((path) =>
      violation(
        object,
        { path, value: undefined },
        "is listed in ignoreChanges, so what runs can differ from what was checked",
        "remove it from ignoreChanges; only spec.replicas under an autoscaler may stay",
      ),
    );
}

function checkCustomResource(object: KubeObject, settings: Settings): readonly Violation[] {
  if (isBuiltIn(object)) return [];
  const group = groupOf(object);
  const kind: Field = { path: "kind", value: object.kind };
  const named = `"${group}/${object.kind}"`;
  if (isPodMaker(group, object.kind)) {
    const problem = `${named} makes pods or objects from a source that no rule can read`;
    return [
      violation(
        object,
        kind,
        problem,
        "declare the objects themselves, such as a Deployment, a StatefulSet or a Job",
      ),
    ];
  }
  if (isPluginPolicy(group, object.kind)) {
    const problem = `${named} can allow what a NetworkPolicy denies`;
    return [violation(object, kind, problem, "use a networking.k8s.io NetworkPolicy")];
  }
  if (isTierPolicy(group, object.kind)) return checkTier(object, named);
  if (isInert(group, object.kind) || !inInference(object, settings)) return [];
  const what = isOperated(object) ? "makes pods of an operator" : "is a kind that no rule knows";
  return [
    violation(object, kind, `${named} ${what}, inside an inference namespace`, "move it out"),
  ];
}

/** A tier above can only close further: whatever it accepts or passes on, no default deny could take back. */
function checkTier(policy: KubeObject, named: string): readonly Violation[] {
  const spec = get(rootField(policy.body), "spec");
  return ["ingress", "egress"]
    .flatMap((direction) => elements(get(spec, direction)))
    .map((rule) => get(rule, "action"))
    .filter((action) => textOf(action) !== "Deny")
    .map((action) =>
      violation(
        policy,
        action,
        `${named} allows what a default deny forbids`,
        "use action Deny alone",
      ),
    );
}
