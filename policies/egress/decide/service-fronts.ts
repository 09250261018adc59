import { onceEach } from "../../model/once-each.ts";
import type { ServicePort } from "../read/service-ports.ts";
import type { Service } from "../read/services.ts";
import { namedPort, type Workload } from "../read/workloads.ts";
import {
  type Addresses,
  addressesMeet,
  everyAddress,
  noAddress,
  uniteAddresses,
} from "../sets/addresses.ts";
import {
  firstPort,
  intersectPorts,
  isNoPorts,
  lastPort,
  noPorts,
  type PortSet,
  portsOf,
  unitePorts,
} from "../sets/ports.ts";
import { isNowhere, portsAt, type Region } from "../sets/region.ts";

/** Services whose own address lies on a way out, with their ports that are open there. */
export type Fronts = ReadonlyMap<Service, readonly ServicePort[]>;

const none: Fronts = new Map();

/**
 * Whether a rule on addresses is applied before or after a Service translates them is left open by the
 * specification, so that a rule for the address of a Service opens the way to what is behind it.
 * @param serviceRange addresses of Services that state none of their own
 */
export function serviceFronts(
  services: readonly Service[],
  serviceRange: Addresses | undefined,
): (out: Region) => Fronts {
  const anywhere = uniteAddresses([
    noAddress,
    ...services.map((service) => addressesOf(service, serviceRange)),
  ]);
  return onceEach((out) => {
    if (isNowhere(out) || !addressesMeet(out, anywhere)) return none;
    const fronts = new Map<Service, readonly ServicePort[]>();
    for (const service of services) {
      const open = portsAt(out, addressesOf(service, serviceRange));
      const ports = service.ports.filter(({ front }) => !isNoPorts(intersectPorts(open, front)));
      if (ports.length > 0) fronts.set(service, ports);
    }
    return fronts;
  });
}

function addressesOf(
  { addresses, takenAddresses }: Service,
  serviceRange: Addresses | undefined,
): Addresses {
  if (addresses === "unknown") {
    return uniteAddresses([serviceRange ?? everyAddress, takenAddresses]);
  }
  const own = addresses === "unstated" ? (serviceRange ?? noAddress) : addresses;
  return uniteAddresses([own, takenAddresses]);
}

/** Ports of a workload that open Services lead to. */
export function portsBehind(
  fronts: Fronts,
  services: readonly Service[],
  target: Workload,
): PortSet {
  if (fronts.size === 0) return noPorts;
  let open = noPorts;
  for (const service of services) {
    for (const port of fronts.get(service) ?? [])
      open = unitePorts(open, targetPorts(port, target));
  }
  return open;
}

/** Ports of a pod that one port of a Service leads to. */
export function targetPorts(port: ServicePort, workload: Workload): PortSet {
  const { protocols, target } = port;
  if (typeof target === "string") return namedPort(workload, target, protocols);
  return portsOf(
    protocols.map((protocol) => ({
      protocol,
      fromPort: target ?? firstPort,
      toPort: target ?? lastPort,
    })),
  );
}
