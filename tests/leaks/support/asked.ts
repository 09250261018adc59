import { podTemplate } from "../../../policies/kubernetes/pod-templates.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import type { KubeObject } from "../../../policies/model/kube-object.ts";
import { isObject, type Value, type ValueObject } from "../../../policies/model/value.ts";
import type { Variant } from "../leak.ts";
import type { AskedObject } from "./dry-run.ts";
import type { RealStacks } from "./stacks.ts";

/** The Kubernetes objects that a variant adds or changes. */
export function touched(variant: Variant, stacks: RealStacks): readonly KubeObject[] {
  const { graph } = stacks[variant.stack];
  const before = new Set(graph);
  const resources = variant.change(graph).filter((resource) => !before.has(resource));
  return graphOf(resources).objects;
}

/** A Service without the address that its stack chose: the server that is asked has a range of its own. */
function unplaced(body: ValueObject): ValueObject {
  const { spec } = body;
  if (!isObject(spec) || spec["clusterIP"] === undefined || spec["clusterIP"] === "None")
    return body;
  const { clusterIP: _, ...rest } = spec;
  return { ...body, spec: rest };
}

/**
 * What an API server is asked about an object: the object, and the pod that a workload makes, since
 * Pod Security judges pods alone.
 */
export function asked(object: KubeObject): readonly AskedObject[] {
  const { apiVersion, namespace, name, body } = object;
  if (typeof name !== "string" || typeof namespace === "symbol") {
    throw new Error("a name is unknown");
  }
  const kind = object.kind.replace(/Patch$/, "");
  const itself = {
    apiVersion,
    kind,
    namespace,
    name,
    body: kind === "Service" ? unplaced(body) : body,
  };
  const template = podTemplate(object);
  if (template === undefined || kind === "Pod") return [itself];
  const pod = `${name}-pod`;
  const metadata = { ...fields(template.metadata.value), name: pod, namespace };
  const made: ValueObject = { apiVersion: "v1", kind: "Pod", metadata, spec: template.spec.value };
  return [itself, { apiVersion: "v1", kind: "Pod", namespace, name: pod, body: made }];
}

function fields(value: Value | undefined): ValueObject {
  return isObject(value) ? value : {};
}
