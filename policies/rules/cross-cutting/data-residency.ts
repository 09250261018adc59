import { isFilledIn } from "../../cloud/aws.ts";
import {
  type CloudProvider,
  clouds,
  isRegularZoneId,
  regionInName,
  regionless,
} from "../../cloud/regions.ts";
import { leaves } from "../../kubernetes/config-data.ts";
import { type Field, get, isUnreadable, rootField } from "../../model/field.ts";
import type { Resource } from "../../model/resource.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const dataResidency: StackRule = {
  id: "C03",
  name: "data-residency",
  level: "stack",
  description:
    "Every provider, zone, replica and name of a cloud lies in a region that the stack lists in policies.regions.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["44", "45", "46"] },
  remedy: "name a region of policies.regions, or list the region there",
  check: (graph, settings) => {
    const regions = new Set(settings.policies.regions);
    return [
      ...graph.resources.flatMap((resource) => checkResource(resource, regions)),
      ...withoutProvider(graph),
    ];
  },
};

const providerToken = /^pulumi:providers:([\w-]+)$/;
const resourceToken = /^([\w-]+):/;

/** Names of packages by which components of a program are known, beside those of providers. */
function packageOf({ type }: Resource): string {
  return resourceToken.exec(type)?.[1] ?? "";
}

function cloudOf(name: string): CloudProvider | undefined {
  return Object.hasOwn(clouds, name) ? clouds[name] : undefined;
}

function checkResource(resource: Resource, regions: ReadonlySet<string>): readonly Violation[] {
  const provider = providerToken.exec(resource.type)?.[1];
  if (provider !== undefined) return checkProvider(resource, provider, regions);
  const cloud = cloudOf(packageOf(resource));
  if (cloud === undefined) return [];
  return leaves(rootField(resource.properties)).flatMap(([name, field]) => {
    const property = /^[^.[]+/.exec(field.path)?.[0] ?? "";
    // What somebody calls his resources names no place.
    if (/^(?:tags|tagsAll|labels)$/.test(property)) return [];
    if (isFilledIn(resource, field, property)) return [];
    return checkLeaf(resource, name, field, cloud, regions);
  });
}

function checkProvider(
  resource: Resource,
  name: string,
  regions: ReadonlySet<string>,
): readonly Violation[] {
  if (regionless.has(name)) return [];
  const root = rootField(resource.properties);
  const cloud = cloudOf(name);
  if (cloud === undefined) {
    const problem = `is a provider "${name}" of which no rule knows where it keeps data`;
    return [violation({ resource }, root, problem, "use a provider that the policies know")];
  }
  const named = cloud.region.map((key) => get(root, key));
  const set = named.filter(({ value }) => value !== undefined && value !== "");
  const faults = set.flatMap((field) => checkRegion(resource, field, cloud.read, regions));
  const endpoints = checkEndpoints(resource, get(root, "endpoints"));
  if (set.length > 0 || !cloud.required) return [...faults, ...endpoints];
  const problem = "is absent, so the environment of whoever deploys decides the region";
  return [violation({ resource }, named[0] ?? root, problem), ...endpoints];
}

/** Where calls go to an address of one's own, the name of a region says nothing. */
function checkEndpoints(resource: Resource, endpoints: Field): readonly Violation[] {
  const empty = [undefined, "", "[]", "[{}]"].some((value) => value === endpoints.value);
  if (empty || (Array.isArray(endpoints.value) && endpoints.value.length === 0)) return [];
  const problem = "names addresses of its own, so the region says nothing about where data lies";
  return [violation({ resource }, endpoints, problem, "remove endpoints")];
}

/** A leaf counts by its name, and a name of AWS by the region that stands in it. */
function checkLeaf(
  resource: Resource,
  name: string,
  field: Field,
  { properties, read }: CloudProvider,
  regions: ReadonlySet<string>,
): readonly Violation[] {
  if (properties.test(name)) return checkRegion(resource, field, read, regions);
  if (typeof field.value !== "string") return [];
  if (name === "availabilityZoneId" && !isRegularZoneId(field.value)) {
    return [violation({ resource }, field, "is no zone of a region")];
  }
  const region = regionInName(field.value);
  if (region === undefined || regions.has(region)) return [];
  const problem = `names something in region "${region}", which policies.regions does not list`;
  return [violation({ resource }, field, problem)];
}

function checkRegion(
  resource: Resource,
  field: Field,
  read: (value: string) => string | undefined,
  regions: ReadonlySet<string>,
): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable({ resource }, field)];
  if (typeof field.value !== "string" || field.value === "") return [];
  const region = read(field.value);
  if (region !== undefined && regions.has(region)) return [];
  const what = region === undefined ? "names no single region" : `lies in region "${region}"`;
  const problem = `${what}, which policies.regions does not list`;
  return [violation({ resource }, field, problem)];
}

/** Resources of a cloud of which the graph holds no provider: the environment decides where they lie. */
function withoutProvider(graph: Graph): readonly Violation[] {
  const present = new Set(
    graph.resources.flatMap(({ type }) => providerToken.exec(type)?.[1] ?? []),
  );
  const orphans = graph.resources.filter((resource) => {
    const name = packageOf(resource);
    return cloudOf(name)?.required === true && !present.has(name);
  });
  const [first] = orphans.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  if (first === undefined) return [];
  const problem = `and ${orphans.length - 1} others have no provider in this stack, so nobody knows their region`;
  return [violation({ resource: first }, rootField(first.properties), problem)];
}
