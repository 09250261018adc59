import { get, isUnreadable, rootField, whyUnreadable } from "../../../model/field.ts";
import { kubeObject } from "../../../model/kube-object.ts";
import type { Resource } from "../../../model/resource.ts";
import type { Violation } from "../../../model/rule.ts";
import { isObject, unknown, type Value } from "../../../model/value.ts";

/**
 * Packages whose resources rules can read, or that make nothing outside the graph: AWS, Kubernetes,
 * random values, the engine itself, and the components of this program. Any other may run a program
 * or install a chart of its own.
 */
const readablePackages = new Set(["aws", "kubernetes", "llm", "pulumi", "random"]);

/** Sources that register what they make as children, so that rules see it. */
const expandable = /^kubernetes:(?:helm\.sh\/v4:Chart|(?:yaml|kustomize)(?:\/v\d+)?:\w+)$/;

/** Something that makes objects which are not in the graph. */
export function checkSource(
  resource: Resource,
  parents: ReadonlySet<string | undefined>,
): readonly Violation[] {
  const { type } = resource;
  if (!readablePackages.has(packageOf(type))) {
    const problem = `has the type "${type}", of a package that no rule can read`;
    return [fault(resource, "", problem, "declare what it makes as resources of their own")];
  }
  if (type.startsWith("kubernetes:helm.sh/v3:")) {
    const problem = "is installed by Helm itself, so no rule sees its objects";
    return [fault(resource, "", problem, "use kubernetes:helm.sh/v4:Chart")];
  }
  if (type === "pulumi:providers:kubernetes") return checkProvider(resource);
  if (expandable.test(type)) return checkExpanded(resource, parents);
  if (!type.startsWith("kubernetes:") || kubeObject(resource) !== undefined) return [];
  return [fault(resource, "", `has the type "${type}", which no rule can read`)];
}

function checkExpanded(
  resource: Resource,
  parents: ReadonlySet<string | undefined>,
): readonly Violation[] {
  const childless = parents.has(resource.urn)
    ? []
    : [fault(resource, "", "has no objects in the graph, so nobody knows what it makes")];
  return [...childless, ...checkInputs(resource), ...checkChartOptions(resource)];
}

/** With one unknown input the provider registers no objects, whatever else the program puts below it. */
function checkInputs(resource: Resource): readonly Violation[] {
  return unknownInputs(resource).map((name) =>
    fault(
      resource,
      name,
      "is not known yet, so its objects are not known either",
      "write the value into the stack's configuration",
    ),
  );
}

function unknownInputs({ properties }: Resource): readonly string[] {
  return Object.keys(properties).filter((name) => holdsUnknown(properties[name]));
}

function holdsUnknown(value: Value | undefined): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}

/** Options of a chart after which its objects are no longer those of its templates. */
function checkChartOptions(resource: Resource): readonly Violation[] {
  const root = rootField(resource.properties);
  const hooks = get(root, "includeHooks");
  const renderer = get(root, "postRenderer");
  return [
    ...(renderer.value === undefined
      ? []
      : [
          fault(
            resource,
            renderer.path,
            "pipes the objects through a program that can change them all",
            "leave it out and set the chart's values",
          ),
        ]),
    ...(hooks.value === undefined || hooks.value === false || isUnreadable(hooks)
      ? []
      : [
          fault(
            resource,
            hooks.path,
            "hands the hooks to another tool, and nothing here follows what that runs",
            "leave it out and declare what the hooks make",
          ),
        ]),
  ];
}

/** An object without a namespace reads as one of `default`, and would land elsewhere. */
function checkProvider(provider: Resource): readonly Violation[] {
  const namespace = get(rootField(provider.properties), "namespace");
  if (namespace.value === undefined || namespace.value === "default") return [];
  const problem = isUnreadable(namespace)
    ? whyUnreadable(namespace)
    : "moves every object that states no namespace to another one";
  const remedy = "remove it and state metadata.namespace in each object";
  return [fault(provider, namespace.path, problem, remedy)];
}

function packageOf(type: string): string {
  return type.split(":", 1)[0] ?? "";
}

function fault(resource: Resource, path: string, problem: string, remedy?: string): Violation {
  return remedy === undefined ? { resource, path, problem } : { resource, path, problem, remedy };
}
