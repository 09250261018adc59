import { join } from "node:path";
import { egressPorts } from "../../components/gateway/egress-ports.ts";
import {
  ports as container,
  egressGateway,
  paths,
  routeController,
} from "../../components/gateway/names.ts";
import { externalClusters } from "../../components/gateway/parts.ts";
import type { BootstrapMapping } from "../../tools/data-plane/map-bootstrap.ts";
import { portOf } from "../../tools/data-plane/port-book.ts";
import { countingPorts } from "./counting.ts";
import type { DataPlaneStack, Proxy } from "./parts.ts";
import { filesOf, type Surroundings } from "./services.ts";

const loopback = "127.0.0.1";
const everywhere = "0.0.0.0";

/** What a proxy's configuration names, and where that is on this machine. */
export function proxyMapping(
  { gateway, controllerAddress, limitsAddress }: DataPlaneStack,
  at: Surroundings,
  { name, deployment }: Proxy,
  own: { readonly folder: string; readonly authority: string },
): BootstrapMapping {
  const here = (port: string) => ({ address: loopback, port: portOf(at.ports, port) });
  const listeners: [string, string][] =
    deployment === egressGateway
      ? [...egressPorts(externalClusters(gateway))].map(([cluster, port]) => [
          `${everywhere}:${port}`,
          cluster,
        ])
      : [[`${everywhere}:${container.clients}`, `${name}-clients`]];
  return {
    addresses: {
      ...neverDialled(gateway),
      ...Object.fromEntries(
        [
          ...listeners,
          [`${everywhere}:${container.metrics}`, `${name}-metrics`] as const,
          [`${loopback}:${container.admin}`, `${name}-admin`] as const,
          [`${loopback}:${container.health}`, `${name}-health`] as const,
          [`${controllerAddress}:${container.xds}`, `${routeController}-xds`] as const,
          ...(gateway.limits === undefined
            ? []
            : [[`${limitsAddress}:${container.limits}`, countingPorts.grpc] as const]),
          ...forwardProxies(gateway).map((proxy) => [proxy, "forward-proxy"] as const),
        ].map(([rendered, port]) => [rendered, here(port)]),
      ),
    },
    files: {
      [paths.bootstrap]: own.folder,
      "/etc/envoy": join(filesOf(at.folder, deployment), "/etc/envoy"),
      [paths.authorities]: own.authority,
    },
  };
}

function forwardProxies({ providers }: DataPlaneStack["gateway"]): string[] {
  return providers.flatMap(({ reach }) =>
    reach.kind === "forward-proxy" ? [`${reach.address}:${reach.port}`] : [],
  );
}

/** Beside the name of a provider behind a proxy; its port goes into the CONNECT, so it stays as it is. */
function neverDialled({ providers }: DataPlaneStack["gateway"]): BootstrapMapping["addresses"] {
  return Object.fromEntries(
    providers.flatMap(({ reach, port }) =>
      reach.kind === "forward-proxy"
        ? [[`${reach.address}:${port}`, { address: reach.address, port }]]
        : [],
    ),
  );
}
