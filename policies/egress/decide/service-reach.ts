import type { Service, ServicePort } from "../read/services.ts";
import { namedPort, type Workload } from "../read/workloads.ts";
import type { InClusterPeer } from "../result.ts";
import { type Addresses, addressesMeet } from "../sets/addresses.ts";
import { holdsPort, intersectPorts, isNoPorts, type PortSet, rangesOf } from "../sets/ports.ts";
import { isNowhere, portsAt, type Region, region, uniteAll } from "../sets/region.ts";
import type { Reason } from "./external.ts";
import type { Neighbour } from "./neighbours.ts";
import type { Pods } from "./pods.ts";

/** Services by the workloads behind them. */
export interface ServiceIndex {
  readonly all: readonly Service[];
  readonly behind: ReadonlyMap<Workload, readonly Service[]>;
}

export function indexServices(services: readonly Service[], pods: Pods): ServiceIndex {
  const behind = new Map<Workload, Service[]>();
  for (const service of services) {
    if (service.selector === undefined || service.namespace === undefined) continue;
    for (const workload of pods.select({ own: service.namespace }, service.selector).keys()) {
      behind.set(workload, [...(behind.get(workload) ?? []), service]);
    }
  }
  return { all: services, behind };
}

/** Services whose pods a workload may reach on the port that the Service leads to. */
export function servicesOf(
  neighbours: readonly Neighbour[],
  index: ServiceIndex,
): readonly InClusterPeer[] {
  return neighbours.flatMap(({ workload, ports }) =>
    (index.behind.get(workload) ?? []).flatMap((service) =>
      service.ports
        .filter((port) => leadsTo(port, workload, ports))
        .flatMap((port) => peer(service, port)),
    ),
  );
}

function leadsTo({ protocol, target }: ServicePort, workload: Workload, open: PortSet): boolean {
  if (typeof target === "number") return holdsPort(open, protocol, target);
  if (target === undefined) return open.spans[protocol].length > 0;
  return !isNoPorts(intersectPorts(open, namedPort(workload, target, [protocol])));
}

function peer(
  { object, namespace }: Service,
  { protocol, port }: ServicePort,
): readonly InClusterPeer[] {
  if (namespace === undefined || typeof object.name !== "string") return [];
  const name = object.name;
  return [{ namespace, kind: "Service", name, protocol, fromPort: port, toPort: port }];
}

/** What a way out reaches by way of Services that lead elsewhere than to pods they select. */
export interface Detour {
  readonly region: Region;
  readonly peers: readonly InClusterPeer[];
  readonly because: readonly Reason[];
}

/**
 * Whether rules on addresses are applied before or after a Service translates them is left open by the
 * specification. So a way out that holds the address of a Service also leads to its endpoints.
 * @param serviceRange addresses of Services that state none of their own
 */
export function detours(
  out: Region,
  services: readonly Service[],
  serviceRange: Addresses | undefined,
): Detour {
  if (isNowhere(out)) return { region: out, peers: [], because: [] };
  const parts: { addresses: Addresses; ports: PortSet }[] = [];
  const peers: InClusterPeer[] = [];
  const because: Reason[] = [];
  for (const service of services) {
    if (service.selector !== undefined && service.endpoints.length === 0) continue;
    const open = frontPorts(out, service, serviceRange);
    const through = service.ports.filter(({ protocol, port }) => holdsPort(open, protocol, port));
    const direct = service.endpoints.some((each) => !isNoPorts(portsAt(out, each.addresses)));
    const alias = service.outside.some(({ field }) => field.path === "spec.externalName");
    if (alias || direct) peers.push(...service.ports.flatMap((port) => peer(service, port)));
    else peers.push(...through.flatMap((port) => peer(service, port)));
    if (through.length === 0) continue;
    for (const { object, path, addresses, ports } of service.endpoints) {
      parts.push({ addresses, ports });
      const reason = `is behind ${service.title}, whose address is allowed`;
      because.push({ object, path, reason, opens: region(addresses, ports) });
    }
  }
  return { region: uniteAll(parts), peers, because };
}

function frontPorts(out: Region, service: Service, serviceRange: Addresses | undefined): PortSet {
  const known = portsAt(out, service.addresses);
  if (!isNoPorts(known) || serviceRange === undefined) return known;
  const stated = addressesMeet(service.addresses, service.addresses);
  return stated ? known : portsAt(out, serviceRange);
}

/** Ports as peers of a report. */
export function peersOf({ workload, ports }: Neighbour): readonly InClusterPeer[] {
  const { namespace, object } = workload;
  const shown = (value: unknown) => (typeof value === "string" ? value : "(unknown)");
  return rangesOf(ports).map((range) => ({
    namespace: shown(namespace),
    kind: object.kind,
    name: shown(object.name),
    ...range,
  }));
}
