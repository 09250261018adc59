import { entries, type Field, get, isUnreadable } from "../../model/field.ts";
import type { Protocol } from "../result.ts";
import { type Addresses, block, uniteAddresses } from "../sets/addresses.ts";
import {
  allPorts,
  firstPort,
  lastPort,
  noPorts,
  type PortRange,
  type PortSet,
  portsOf,
  protocols,
  unitePorts,
} from "../sets/ports.ts";
import { readSelector, type Selector } from "./labels.ts";
import { type Direction, readCidr, readProtocol } from "./network-policy-rule.ts";
import type { Faults } from "./shape.ts";
import { readPods } from "./tier-pods.ts";

/** Which kind wrote a rule; they differ in names of fields and actions. */
export type TierDialect = "cluster" | "admin" | "baseline";

export interface TierRule {
  readonly path: string;
  readonly action: "Accept" | "Deny" | "Pass";
  readonly peers: readonly TierPeer[];
  readonly ports: PortSet;
  /** Names of ports, looked up on the pod for every protocol. */
  readonly named: readonly string[];
}

export type TierPeer =
  | {
      readonly kind: "pods";
      readonly path: string;
      readonly namespaces: Selector;
      readonly pods: Selector;
    }
  | { readonly kind: "addresses"; readonly path: string; readonly addresses: Addresses }
  /** Addresses of nodes, which are known at run time only. */
  | { readonly kind: "nodes"; readonly path: string }
  /** Addresses that DNS gives for a name. */
  | { readonly kind: "names"; readonly path: string };

const actions: Readonly<Record<TierDialect, Readonly<Record<string, TierRule["action"]>>>> = {
  cluster: { Accept: "Accept", Deny: "Deny", Pass: "Pass" },
  admin: { Allow: "Accept", Deny: "Deny", Pass: "Pass" },
  baseline: { Allow: "Accept", Deny: "Deny" },
};

/** Longest list of rules that the definitions allow. */
const mostRules: Readonly<Record<TierDialect, number>> = { cluster: 25, admin: 100, baseline: 100 };

export function readTierRules(
  field: Field,
  direction: Direction,
  dialect: TierDialect,
  faults: Faults,
): readonly TierRule[] {
  const peersName = direction === "Egress" ? "to" : "from";
  const portsName = dialect === "cluster" ? "protocols" : "ports";
  const rules = faults.list(field);
  if (rules.length > mostRules[dialect])
    faults.add(field, `holds more than ${mostRules[dialect]} rules`);
  return rules.map((rule) => {
    faults.object(rule, new Set(["name", "action", peersName, portsName]));
    const peers = faults.list(get(rule, peersName));
    if (peers.length === 0 && !isUnreadable(rule))
      faults.add(get(rule, peersName), "is absent or empty");
    const action = readAction(get(rule, "action"), dialect, faults);
    return {
      path: rule.path,
      action,
      peers: peers.flatMap((peer) => readPeer(peer, direction, action, faults)),
      ...readPorts(get(rule, portsName), dialect, faults),
    };
  });
}

function readAction(field: Field, dialect: TierDialect, faults: Faults): TierRule["action"] {
  const known = actions[dialect];
  const text = faults.text(field);
  const action = text !== undefined && Object.hasOwn(known, text) ? known[text] : undefined;
  if (action === undefined && !isUnreadable(field)) {
    faults.add(field, `is none of ${Object.keys(known).join(", ")}`);
  }
  return action ?? "Accept";
}

const egressPeers = new Set(["namespaces", "pods", "nodes", "networks", "domainNames"]);
const ingressPeers = new Set(["namespaces", "pods"]);

function readPeer(
  peer: Field,
  direction: Direction,
  action: TierRule["action"],
  faults: Faults,
): readonly TierPeer[] {
  faults.object(peer, direction === "Egress" ? egressPeers : ingressPeers);
  if (isUnreadable(peer)) return [];
  const given = (entries(peer) ?? []).filter(([, part]) => part.value !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    faults.add(peer, "must hold exactly one kind of peer");
    return [];
  }
  const { path } = peer;
  switch (kind[0]) {
    case "networks":
      return [{ kind: "addresses", path, addresses: readNetworks(kind[1], faults) }];
    case "nodes":
      readSelector(kind[1], faults);
      return [{ kind: "nodes", path }];
    case "domainNames":
      if (action !== "Accept") faults.add(kind[1], "fits a rule that accepts, and no other");
      return [{ kind: "names", path }];
    default: {
      const pods = readPods(peer, faults);
      return pods === undefined ? [] : [{ kind: "pods", path, ...pods }];
    }
  }
}

function readNetworks(field: Field, faults: Faults): Addresses {
  const networks = faults.list(field).flatMap((each) => readCidr(each, faults) ?? []);
  return uniteAddresses(networks.map(block));
}

function readPorts(field: Field, dialect: TierDialect, faults: Faults) {
  const ports = faults.list(field);
  if (ports.length === 0) return { ports: allPorts, named: [] };
  const read = ports.map((port) =>
    dialect === "cluster" ? readClusterPort(port, faults) : readAdminPort(port, faults),
  );
  return {
    ports: read.map((one) => one.ports).reduce(unitePorts, noPorts),
    named: read.flatMap((one) => one.named),
  };
}

interface ReadPort {
  readonly ports: PortSet;
  readonly named: readonly string[];
}

const clusterPortFields = new Set(["tcp", "udp", "sctp", "destinationNamedPort"]);

function readClusterPort(field: Field, faults: Faults): ReadPort {
  faults.object(field, clusterPortFields);
  const name = faults.text(get(field, "destinationNamedPort"));
  const ranges = protocols.flatMap((protocol): readonly PortRange[] => {
    const part = get(field, protocol.toLowerCase());
    if (part.value === undefined) return [];
    faults.object(part, new Set(["destinationPort"]));
    const port = get(part, "destinationPort");
    if (port.value === undefined && !isUnreadable(port)) faults.add(port, "is absent");
    if (port.value === undefined) return [];
    faults.object(port, new Set(["number", "range"]));
    return readNumbers(protocol, get(port, "number"), get(port, "range"), port, faults);
  });
  return onePort(field, ranges, name, faults);
}

const adminPortFields = new Set(["portNumber", "portRange", "namedPort"]);

function readAdminPort(field: Field, faults: Faults): ReadPort {
  faults.object(field, adminPortFields);
  const name = faults.text(get(field, "namedPort"));
  const [number, range] = [get(field, "portNumber"), get(field, "portRange")];
  faults.object(number, new Set(["protocol", "port"]));
  faults.object(range, new Set(["protocol", "start", "end"]));
  const protocol = readProtocol(
    get(number.value === undefined ? range : number, "protocol"),
    faults,
  );
  const none = number.value === undefined && range.value === undefined;
  const ranges = none ? [] : readNumbers(protocol, get(number, "port"), range, field, faults);
  return onePort(field, ranges, name, faults);
}

function readNumbers(
  protocol: Protocol,
  number: Field,
  range: Field,
  place: Field,
  faults: Faults,
): readonly PortRange[] {
  const port = faults.whole(number, firstPort, lastPort);
  if (range.value === undefined) {
    if (number.value === undefined) faults.add(place, "names no port");
    return port === undefined ? [] : [{ protocol, fromPort: port, toPort: port }];
  }
  if (number.value !== undefined) faults.add(place, "names a port and a range");
  const [start, end] = [get(range, "start"), get(range, "end")].map((field) => {
    if (field.value === undefined) faults.add(field, "is absent");
    return faults.whole(field, firstPort, lastPort);
  });
  if (start === undefined || end === undefined) return [];
  if (end <= start) faults.add(range, `ends at ${end}, which is not above its start ${start}`);
  return [{ protocol, fromPort: start, toPort: end }];
}

function onePort(
  field: Field,
  ranges: readonly PortRange[],
  name: string | undefined,
  faults: Faults,
): ReadPort {
  const kinds = ranges.length + (name === undefined ? 0 : 1);
  if (kinds !== 1 && !isUnreadable(field)) faults.add(field, "must name exactly one port");
  return { ports: portsOf(ranges), named: name === undefined ? [] : [name] };
}
