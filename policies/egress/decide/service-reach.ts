import type { ServicePort } from "../read/service-ports.ts";
import type { Service } from "../read/services.ts";
import type { Workload } from "../read/workloads.ts";
import type { InClusterPeer } from "../result.ts";
import type { Addresses } from "../sets/addresses.ts";
import { intersectPorts, isNoPorts, type PortSet, rangesOf } from "../sets/ports.ts";
import { isNowhere, portsAt, type Region, region, uniteAll } from "../sets/region.ts";
import type { Reason } from "./external.ts";
import type { Neighbour } from "./neighbours.ts";
import type { Pods } from "./pods.ts";
import { type Fronts, targetPorts } from "./service-fronts.ts";

/** Services and the workloads behind them, both ways. */
export interface ServiceIndex {
  readonly of: (workload: Workload) => readonly Service[];
  readonly behind: (service: Service) => readonly Workload[];
}

export function indexServices(services: readonly Service[], pods: Pods): ServiceIndex {
  const of = new Map<Workload, Service[]>();
  const behind = new Map<Service, readonly Workload[]>();
  for (const service of services) {
    if (service.selector === undefined) continue;
    const found = [...pods.select({ own: service.namespace }, service.selector).keys()];
    behind.set(service, found);
    for (const workload of found) {
      const listed = of.get(workload);
      if (listed === undefined) of.set(workload, [service]);
      else listed.push(service);
    }
  }
  return {
    of: (workload) => of.get(workload) ?? [],
    behind: (service) => behind.get(service) ?? [],
  };
}

/** Services whose pods a workload may reach on the port that the Service leads to. */
export function servicesOf(
  neighbours: readonly Neighbour[],
  index: ServiceIndex,
): readonly InClusterPeer[] {
  return neighbours.flatMap(({ workload, ports }) =>
    index
      .of(workload)
      .flatMap((service) =>
        service.ports
          .filter((port) => leadsTo(port, workload, ports))
          .flatMap((port) => peer(service, port)),
      ),
  );
}

function leadsTo(port: ServicePort, workload: Workload, open: PortSet): boolean {
  return !isNoPorts(intersectPorts(open, targetPorts(port, workload)));
}

function peer({ object, namespace }: Service, { front }: ServicePort): readonly InClusterPeer[] {
  const place = { namespace: shown(namespace), kind: "Service", name: shown(object.name) };
  return rangesOf(front).map((range) => ({ ...place, ...range }));
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : "(unknown)";
}

/** What a way out reaches by way of Services that lead elsewhere than to pods they select. */
export interface Detour {
  readonly region: Region;
  readonly peers: readonly InClusterPeer[];
  readonly because: readonly Reason[];
}

/** Follows a way out through the Services on it to endpoints that are no pods. */
export function detours(out: Region, services: readonly Service[], fronts: Fronts): Detour {
  if (isNowhere(out)) return { region: out, peers: [], because: [] };
  const parts: { addresses: Addresses; ports: PortSet }[] = [];
  const peers: InClusterPeer[] = [];
  const because: Reason[] = [];
  for (const service of services) {
    const through = fronts.get(service) ?? [];
    const direct = service.endpoints.some((each) => !isNoPorts(portsAt(out, each.addresses)));
    const alias = service.outside.some(({ field }) => field.path === "spec.externalName");
    const named = alias || direct ? service.ports : through;
    peers.push(...named.flatMap((port) => peer(service, port)));
    if (through.length === 0) continue;
    for (const { object, path, addresses, ports } of service.endpoints) {
      parts.push({ addresses, ports });
      const reason = `is behind ${service.title}, whose address is allowed`;
      because.push({ object, path, reason, opens: region(addresses, ports) });
    }
  }
  return { region: uniteAll(parts), peers, because };
}

/** Ports as peers of a report. */
export function peersOf({ workload, ports }: Neighbour): readonly InClusterPeer[] {
  const { namespace, object } = workload;
  return rangesOf(ports).map((range) => ({
    namespace: shown(namespace),
    kind: object.kind,
    name: shown(object.name),
    ...range,
  }));
}
