import type { Resource } from "../../../policies/model/resource.ts";
import { isArray, isObject, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { counterparts } from "../generators/addresses.ts";

/** The same objects with IPv4 and IPv6 exchanged. */
export function swapFamilies(resources: readonly Resource[]): readonly Resource[] {
  return resources.map((resource) => ({
    ...resource,
    properties: objectWith(resource.properties, (text) => counterparts.get(text) ?? text),
  }));
}

/** Every policy a second time, under another name; only of the one baseline there can be no second. */
export function doubled(resources: readonly Resource[]): readonly Resource[] {
  const policies = resources.filter(({ type }) => /(?<!BaselineAdmin)NetworkPolicy$/.test(type));
  return [...resources, ...policies.map((resource) => renamed(resource, "-again"))];
}

function renamed(resource: Resource, suffix: string): Resource {
  const { metadata } = resource.properties;
  if (!isObject(metadata) || typeof metadata["name"] !== "string") return resource;
  const name = `${metadata["name"]}${suffix}`;
  return {
    ...resource,
    urn: `${resource.urn}${suffix}`,
    name,
    properties: { ...resource.properties, metadata: { ...metadata, name } },
  };
}

/** The objects as the API server gives them back: defaults filled in, and what it keeps beside them. */
export function asStored(resources: readonly Resource[]): readonly Resource[] {
  return resources.map((resource, index) => ({
    ...resource,
    properties: { ...stored(resource), metadata: storedMetadata(resource, index) },
  }));
}

function stored({ type, properties }: Resource): ValueObject {
  const { spec } = properties;
  if (!isObject(spec)) return properties;
  if (type.endsWith(":NetworkPolicy")) return { ...properties, spec: withDefaults(spec) };
  if (type.endsWith(":Pod")) return { ...properties, spec: withProtocols(spec) };
  return properties;
}

function storedMetadata({ type, properties }: Resource, index: number): ValueObject {
  const given = isObject(properties["metadata"]) ? properties["metadata"] : {};
  const labels = isObject(given["labels"]) ? given["labels"] : {};
  const own: ValueObject = type.endsWith(":Namespace")
    ? { labels: { ...labels, "kubernetes.io/metadata.name": given["name"] } }
    : {};
  return {
    ...given,
    ...own,
    uid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    resourceVersion: String(index),
    generation: 1,
    creationTimestamp: "2026-11-01T00:00:00Z",
    managedFields: [{ manager: "test", operation: "Apply", fieldsV1: { "f:spec": {} } }],
  };
}

function withDefaults(spec: ValueObject): ValueObject {
  const types = spec["policyTypes"];
  const egress = isArray(spec["egress"]) && spec["egress"].length > 0;
  return {
    ...objectEntries(spec, (key, value) =>
      key === "ingress" || key === "egress" ? rulesWithProtocols(value) : value,
    ),
    policyTypes:
      isArray(types) && types.length > 0 ? types : ["Ingress", ...(egress ? ["Egress"] : [])],
  };
}

function rulesWithProtocols(rules: Value | undefined): Value | undefined {
  if (!isArray(rules)) return rules;
  return rules.map((rule) => (isObject(rule) ? portsWithProtocols(rule) : rule));
}

function portsWithProtocols(holder: ValueObject): ValueObject {
  const { ports } = holder;
  if (!isArray(ports)) return holder;
  return {
    ...holder,
    ports: ports.map((port) => (isObject(port) ? { protocol: "TCP", ...port } : port)),
  };
}

function withProtocols(spec: ValueObject): ValueObject {
  const { containers } = spec;
  if (!isArray(containers)) return spec;
  return {
    ...spec,
    containers: containers.map((each) => (isObject(each) ? portsWithProtocols(each) : each)),
  };
}

function objectWith(object: ValueObject, change: (text: string) => string): ValueObject {
  return objectEntries(object, (_, value) => valueWith(value, change));
}

function valueWith(value: Value | undefined, change: (text: string) => string): Value | undefined {
  if (typeof value === "string") return change(value);
  if (isArray(value)) return value.map((item) => valueWith(item, change) ?? null);
  return isObject(value) ? objectWith(value, change) : value;
}

function objectEntries(
  object: ValueObject,
  change: (key: string, value: Value | undefined) => Value | undefined,
): ValueObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(key, value)]),
  );
}
