import { elements, type Field, get, isUnreadable } from "../../model/field.ts";
import type { Protocol } from "../result.ts";
import { firstPort, lastPort, type PortSet, portsOf, protocols } from "../sets/ports.ts";
import { readProtocol } from "./network-policy-rule.ts";
import type { Faults } from "./shape.ts";

/** One port of a Service. */
export interface ServicePort {
  /** Where it answers; every port of its protocols where the number is not known. */
  readonly front: PortSet;
  readonly protocols: readonly Protocol[];
  /** Port of the pod, by number or by name; `undefined`: any. */
  readonly target: number | string | undefined;
}

/** The ports of a Service; what cannot be read may be any of them. */
export function readServicePorts(field: Field, faults: Faults): readonly ServicePort[] {
  if (!faults.readable(field)) return [anyPort(protocols)];
  return elements(field).map((port) => readPort(port, faults));
}

function anyPort(among: readonly Protocol[]): ServicePort {
  return { front: every(among), protocols: among, target: undefined };
}

function every(among: readonly Protocol[]): PortSet {
  return portsOf(among.map((protocol) => ({ protocol, fromPort: firstPort, toPort: lastPort })));
}

function readPort(field: Field, faults: Faults): ServicePort {
  if (!faults.readable(field)) return anyPort(protocols);
  const protocolField = get(field, "protocol");
  const among = isUnreadable(protocolField) ? protocols : [readProtocol(protocolField, faults)];
  faults.readable(protocolField);
  const port = faults.whole(get(field, "port"), firstPort, lastPort);
  const target = get(field, "targetPort");
  if (!faults.readable(target)) return { ...anyPort(among), front: frontOf(among, port) };
  const { value } = target;
  const known = typeof value === "number" || typeof value === "string" ? value : port;
  return { front: frontOf(among, port), protocols: among, target: known };
}

function frontOf(among: readonly Protocol[], port: number | undefined): PortSet {
  if (port === undefined) return every(among);
  return portsOf(among.map((protocol) => ({ protocol, fromPort: port, toPort: port })));
}
