import { addressFault, parseAddress } from "../../../components/lib/cidr.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import {
  elements,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  rootField,
  textOf,
} from "../../model/field.ts";
import { describe, type KubeObject } from "../../model/kube-object.ts";
import { type Unknown, unknown } from "../../model/value.ts";
import { type Addresses, everyAddress, noAddress, uniteAddresses } from "../sets/addresses.ts";
import {
  allPorts,
  firstPort,
  lastPort,
  noPorts,
  type PortRange,
  type PortSet,
  portsOf,
  unitePorts,
} from "../sets/ports.ts";
import { readLabels, type Selector, selectAll } from "./labels.ts";
import { readProtocol } from "./network-policy-rule.ts";
import { readServicePorts, type ServicePort } from "./service-ports.ts";
import { type Fault, Faults } from "./shape.ts";

/** A Service as far as it decides where a connection ends. */
export interface Service {
  readonly object: KubeObject;
  readonly title: string;
  readonly namespace: string | Unknown;
  /** `undefined`: it has none, so that somebody writes its endpoints. */
  readonly selector: Selector | undefined;
  readonly ports: readonly ServicePort[];
  /** Its own addresses in the cluster; "unstated" before it is made, "unknown" where nobody can say. */
  readonly addresses: Addresses | "unstated" | "unknown";
  /** Addresses besides, at which it answers in place of whoever has them. */
  readonly takenAddresses: Addresses;
  /** Endpoints that were written by hand. */
  readonly endpoints: readonly Endpoint[];
  readonly outside: readonly Outside[];
  readonly faults: readonly Fault[];
}

export interface Endpoint {
  readonly object: KubeObject;
  readonly path: string;
  readonly addresses: Addresses;
  readonly ports: PortSet;
}

/** A part of a Service that leads, or may lead, out of the cluster. */
export interface Outside {
  readonly object: KubeObject;
  readonly field: Field;
  /** Whether the cluster claims to have written it, so that an address of its own ranges is in order. */
  readonly controlled: boolean;
  readonly reason: string;
}

const serviceNameLabel = "kubernetes.io/service-name";
const managedByLabel = "endpointslice.kubernetes.io/managed-by";
const sliceController = "endpointslice-controller.k8s.io";

/** Services with the endpoints that were written for them, and endpoints that no Service here claims. */
export interface Services {
  readonly all: readonly Service[];
  readonly orphans: readonly Outside[];
}

export function readServices(objects: readonly KubeObject[]): Services {
  const written = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const owner = serviceOf(object);
    if (owner !== undefined) written.set(owner, [...(written.get(owner) ?? []), object]);
  }
  const services = objects.filter((object) => isKind(object, "Service"));
  const claimed = new Set(services.map(keyOf));
  const orphans = [...written].filter(([key]) => !claimed.has(key)).flatMap(([, each]) => each);
  return {
    all: services.map((object) => readService(object, written.get(keyOf(object)) ?? [])),
    orphans: orphans.flatMap(endpointsOutside),
  };
}

function keyOf({ namespace, name }: KubeObject): string {
  return `${String(namespace)}/${String(name)}`;
}

/** The Service that Endpoints or an EndpointSlice belong to. */
function serviceOf(object: KubeObject): string | undefined {
  if (isKind(object, "Endpoints")) return keyOf(object);
  if (!isKind(object, "EndpointSlice")) return undefined;
  const name = get(rootField(object.body), "metadata", "labels", serviceNameLabel).value;
  return typeof name === "string" ? `${String(object.namespace)}/${name}` : undefined;
}

function readService(object: KubeObject, written: readonly KubeObject[]): Service {
  const faults = new Faults();
  const spec = get(rootField(object.body), "spec");
  faults.readable(spec);
  faults.readable(get(spec, "type"));
  faults.readable(get(rootField(object.body), "metadata", "namespace"));
  const selector = readServiceSelector(get(spec, "selector"), faults);
  // A controller undoes what others write into the Endpoints of a Service that selects pods. It leaves
  // their EndpointSlices alone, and traffic goes to those as well.
  const others =
    selector === undefined ? written : written.filter((each) => each.kind === "EndpointSlice");
  const endpoints = others
    .filter((each) => !isControlled(each))
    .flatMap((each) => readEndpoints(each, faults));
  const own = [get(spec, "clusterIP"), ...elements(get(spec, "clusterIPs"))];
  const taken = [get(spec, "loadBalancerIP"), ...elements(get(spec, "externalIPs"))];
  return {
    object,
    title: describe(object),
    namespace: object.namespace ?? unknown,
    selector,
    ports: readServicePorts(get(spec, "ports"), faults),
    addresses: ownAddresses(own),
    takenAddresses: takenAddresses(taken, faults),
    endpoints,
    outside: [...outsideNames(object, spec), ...others.flatMap(endpointsOutside)],
    faults: faults.all,
  };
}

function ownAddresses(fields: readonly Field[]): Service["addresses"] {
  if (fields.some(isUnreadable)) return "unknown";
  const stated = fields.map(addressOf).filter((address) => address !== undefined);
  if (stated.length > 0) return uniteAddresses(stated);
  // A headless Service has none and never will.
  return fields.some(({ value }) => value === "None") ? noAddress : "unstated";
}

function takenAddresses(fields: readonly Field[], faults: Faults): Addresses {
  const known = fields.map((field) =>
    faults.readable(field) ? (addressOf(field) ?? noAddress) : everyAddress,
  );
  return uniteAddresses([noAddress, ...known]);
}

function readServiceSelector(field: Field, faults: Faults): Selector | undefined {
  if (isEmpty(field)) return undefined;
  if (isUnreadable(field)) {
    faults.readable(field);
    return selectAll;
  }
  const { known, present, open } = readLabels(field, faults);
  const requirements = [...known].map(([key, value]) => ({
    key,
    operator: "In" as const,
    values: new Set([value]),
  }));
  // A label whose value is not known yet narrows nothing for certain.
  const key = [...known]
    .map(([name, value]) => `${name} In ${value}`)
    .toSorted()
    .join("&");
  return open || present.size > 0 ? { requirements: [], key: "" } : { requirements, key };
}

function outsideNames(object: KubeObject, spec: Field): readonly Outside[] {
  const name = get(spec, "externalName");
  const named = get(spec, "type").value === "ExternalName" || name.value !== undefined;
  const shown = textOf(name);
  return [
    ...(named
      ? [
          {
            object,
            field: name,
            controlled: false,
            reason: `is an alias of ${shown === undefined ? "a name" : `"${shown}"`} outside`,
          },
        ]
      : []),
    ...elements(get(spec, "externalIPs")).map((field) => ({
      object,
      field,
      controlled: false,
      reason: "takes over an address that need not be the cluster's own",
    })),
  ];
}

/** Whether such endpoints lie outside is for the ranges of the cluster to say. */
function endpointsOutside(object: KubeObject): readonly Outside[] {
  const controlled = isControlled(object);
  return addressFields(object).map((field) => ({
    object,
    field,
    controlled,
    reason: controlled
      ? "is no address of the cluster"
      : "is an endpoint that somebody wrote, not one of a pod that the Service selects",
  }));
}

/** Written by the cluster itself, as far as labels say so: whoever writes a slice can write this too. */
function isControlled(object: KubeObject): boolean {
  const label = get(rootField(object.body), "metadata", "labels", managedByLabel);
  return object.kind === "EndpointSlice" && label.value === sliceController;
}

/** Fields of an Endpoints or EndpointSlice object that hold addresses. */
export function addressFields(object: KubeObject): readonly Field[] {
  const root = rootField(object.body);
  if (object.kind === "EndpointSlice") {
    return elements(get(root, "endpoints")).flatMap((endpoint) =>
      elements(get(endpoint, "addresses")),
    );
  }
  return elements(get(root, "subsets")).flatMap((subset) =>
    [...elements(get(subset, "addresses")), ...elements(get(subset, "notReadyAddresses"))].map(
      (address) => get(address, "ip"),
    ),
  );
}

function readEndpoints(object: KubeObject, faults: Faults): readonly Endpoint[] {
  const root = rootField(object.body);
  const lists =
    object.kind === "EndpointSlice"
      ? [get(root, "ports")]
      : elements(get(root, "subsets")).map((each) => get(each, "ports"));
  const ports = lists.map((list) => endpointPorts(list, faults)).reduce(unitePorts, noPorts);
  return addressFields(object).flatMap((field) => {
    const addresses = addressOf(field);
    if (addresses === undefined && !isUnreadable(field)) return [];
    return [{ object, path: field.path, addresses: addresses ?? noAddress, ports }];
  });
}

function endpointPorts(list: Field, faults: Faults): PortSet {
  const ports = elements(list);
  if (ports.length === 0) return allPorts;
  return portsOf(
    ports.map((field): PortRange => {
      const protocol = readProtocol(get(field, "protocol"), faults);
      const port = faults.whole(get(field, "port"), firstPort, lastPort);
      return { protocol, fromPort: port ?? firstPort, toPort: port ?? lastPort };
    }),
  );
}

/** One address; `undefined` for a host name, "None" or anything else that is no address. */
export function addressOf(field: Field): Addresses | undefined {
  const text = textOf(field);
  if (text === undefined || addressFault(text) !== undefined) return undefined;
  const { family, value } = parseAddress(text);
  const spans = [{ from: value, to: value }];
  return family === 4 ? { 4: spans, 6: [] } : { 4: [], 6: spans };
}
