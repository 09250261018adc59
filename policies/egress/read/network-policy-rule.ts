import { cidrFault, contains, parseCidr } from "../../../components/lib/cidr.ts";
import { type Field, get, isEmpty, isUnreadable } from "../../model/field.ts";
import type { Protocol } from "../result.ts";
import {
  type Addresses,
  block,
  noAddress,
  subtractAddresses,
  uniteAddresses,
} from "../sets/addresses.ts";
import {
  allPorts,
  firstPort,
  lastPort,
  type PortRange,
  type PortSet,
  portsOf,
  protocols,
} from "../sets/ports.ts";
import { readSelector, type Selector } from "./labels.ts";
import type { Faults } from "./shape.ts";

export type Direction = "Ingress" | "Egress";

/** One rule: its peers on its ports. */
export interface Rule {
  readonly path: string;
  /** "all": pods and every address of both families. */
  readonly peers: readonly Peer[] | "all";
  readonly ports: PortSet;
  /** Ports by name, which only a pod can give a number. */
  readonly named: readonly NamedPort[];
}

export interface NamedPort {
  readonly protocol: Protocol;
  readonly name: string;
  readonly path: string;
}

export type Peer =
  | { readonly kind: "addresses"; readonly path: string; readonly addresses: Addresses }
  | {
      readonly kind: "pods";
      readonly path: string;
      /** `undefined`: the policy's own namespace. */
      readonly namespaces: Selector | undefined;
      readonly pods: Selector;
    };

const peerFields = new Set(["ipBlock", "namespaceSelector", "podSelector"]);
const blockFields = new Set(["cidr", "except"]);
const portFields = new Set(["protocol", "port", "endPort"]);

/** The rules of one direction, with every fault that an API server would find in them. */
export function readRules(field: Field, direction: Direction, faults: Faults): readonly Rule[] {
  const peersName = direction === "Egress" ? "to" : "from";
  return faults.list(field).map((rule) => {
    faults.object(rule, new Set([peersName, "ports"]));
    const peers = faults.list(get(rule, peersName));
    const ports = faults.list(get(rule, "ports"));
    const read = ports.map((port) => readPort(port, faults));
    return {
      path: rule.path,
      peers: peers.length === 0 ? "all" : peers.map((peer) => readPeer(peer, faults)),
      ports: ports.length === 0 ? allPorts : portsOf(read.flatMap((port) => port.ranges)),
      named: read.flatMap((port) => port.named),
    };
  });
}

function readPeer(peer: Field, faults: Faults): Peer {
  faults.object(peer, peerFields);
  const [ipBlock, namespaces, pods] = [
    get(peer, "ipBlock"),
    get(peer, "namespaceSelector"),
    get(peer, "podSelector"),
  ];
  const { path } = peer;
  if (ipBlock.value !== undefined) {
    if (namespaces.value !== undefined || pods.value !== undefined) {
      faults.add(ipBlock, "stands beside a selector; give each an element of its own");
    }
    return { kind: "addresses", path, addresses: readBlock(ipBlock, faults) };
  }
  if (!isUnreadable(peer) && namespaces.value === undefined && pods.value === undefined) {
    faults.add(peer, "names neither ipBlock nor namespaceSelector nor podSelector");
  }
  return {
    kind: "pods",
    path,
    namespaces: namespaces.value === undefined ? undefined : readSelector(namespaces, faults),
    pods: readSelector(pods, faults),
  };
}

function readBlock(field: Field, faults: Faults): Addresses {
  faults.object(field, blockFields);
  if (isUnreadable(field)) return noAddress;
  const cidrField = get(field, "cidr");
  if (isEmpty(cidrField)) faults.add(cidrField, "is absent");
  const cidr = readCidr(cidrField, faults);
  const exceptions = faults.list(get(field, "except")).flatMap((except) => {
    if (except.value === undefined) faults.add(except, "has no value");
    const text = readCidr(except, faults);
    if (text === undefined || cidr === undefined) return [];
    const [outer, inner] = [parseCidr(cidr), parseCidr(text)];
    if (contains(outer, inner) && outer.prefix < inner.prefix) return [block(text)];
    faults.add(except, `"${text}" is no part of "${cidr}" smaller than it`);
    return [];
  });
  if (cidr === undefined) return noAddress;
  return exceptions.length === 0
    ? block(cidr)
    : subtractAddresses(block(cidr), uniteAddresses(exceptions));
}

/** An address block in the one form that the API server takes; a fault and `undefined` for any other. */
export function readCidr(field: Field, faults: Faults): string | undefined {
  const text = faults.text(field);
  if (text === undefined) return undefined;
  const fault = cidrFault(text);
  if (fault === undefined) return text;
  faults.add(field, fault);
  return undefined;
}

interface ReadPort {
  readonly ranges: readonly PortRange[];
  readonly named: readonly NamedPort[];
}

/** At most 15 lower-case letters, digits and single hyphens, with at least one letter (RFC 6335). */
const portName = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

function readPort(field: Field, faults: Faults): ReadPort {
  faults.object(field, portFields);
  if (isUnreadable(field)) return { ranges: [], named: [] };
  const protocol = readProtocol(get(field, "protocol"), faults);
  const [portField, endField] = [get(field, "port"), get(field, "endPort")];
  if (typeof portField.value === "string") {
    return { ranges: [], named: readName(portField, endField, protocol, faults) };
  }
  const port = faults.whole(portField, firstPort, lastPort);
  const end = faults.whole(endField, firstPort, lastPort);
  if (end !== undefined && portField.value === undefined)
    faults.add(endField, "is set without a port");
  if (port !== undefined && end !== undefined && end < port) {
    faults.add(endField, `${end} is smaller than port ${port}`);
  }
  const range =
    port === undefined
      ? { protocol, fromPort: firstPort, toPort: lastPort }
      : { protocol, fromPort: port, toPort: end ?? port };
  return { ranges: [range], named: [] };
}

function readName(
  field: Field,
  endField: Field,
  protocol: Protocol,
  faults: Faults,
): readonly NamedPort[] {
  const name = faults.text(field);
  if (name === undefined) return [];
  if (!portName.test(name)) faults.add(field, `"${name.slice(0, 40)}" is no name of a port`);
  if (endField.value !== undefined) faults.add(endField, "is set, and the port is a name");
  return [{ protocol, name, path: field.path }];
}

export function readProtocol(field: Field, faults: Faults): Protocol {
  const text = faults.text(field) ?? "TCP";
  const protocol = protocols.find((known) => known === text);
  if (protocol === undefined) faults.add(field, `"${text}" is none of ${protocols.join(", ")}`);
  return protocol ?? "TCP";
}
