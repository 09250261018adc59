import type { Edge, Peers } from "../isolation/network-policies.ts";
import { selectorLabels } from "../lib/labels.ts";
import type { GatewayConfig, ProviderConfig } from "../lib/stack/gateway.ts";
import {
  egressGateway,
  limitsCounter,
  limitsService,
  openGateway,
  ports,
  routeController,
} from "./names.ts";
import {
  clientProxiesOf,
  enginesOf,
  type Part,
  partLabels,
  proxiesOf,
  usedEgressPorts,
  usedProviders,
} from "./parts.ts";

/** What the edges of a gateway lead between. */
export interface GatewayPlaces {
  /** Namespace of the gateway. */
  readonly namespace: string;
  /** Pods of a model by its name. */
  readonly engine: (model: string) => Edge["to"];
  readonly enginePort: number;
  readonly prometheus: Peers;
  /** Where the API server may stand: on the address of its Service, and behind it on machines. CIDR. */
  readonly apiServer: { readonly cidrs: readonly string[]; readonly ports: readonly number[] };
}

/**
 * Every connection into, within and out of the gateway; nothing else passes. Names start with words that
 * no model's own edges start with, since a model may be called anything.
 */
export function gatewayEdges(config: GatewayConfig, places: GatewayPlaces): Edge[] {
  return [
    ...clientEdges(config, places),
    ...engineEdges(config, places),
    ...controllerEdges(config, places),
    ...egressEdges(config, places),
    ...limitsEdges(config, places),
    ...scrapes(config, places),
  ];
}

type Pods = Peers & { readonly labels: Readonly<Record<string, string>> };

function pods(part: Part, { namespace }: GatewayPlaces): Pods {
  return { namespace, labels: selectorLabels(partLabels(part)) };
}

function clientEdges(config: GatewayConfig, places: GatewayPlaces): Edge[] {
  return clientProxiesOf(config).flatMap((proxy) =>
    config.clients.map((client, index) => ({
      name: `clients-${index + 1}-of-${proxy}`,
      from: "cidr" in client ? { cidrs: [client.cidr] } : client,
      to: pods(proxy, places),
      ports: [ports.clients],
    })),
  );
}

function engineEdges(config: GatewayConfig, places: GatewayPlaces): Edge[] {
  return clientProxiesOf(config).flatMap((proxy) =>
    enginesOf(config, proxy).map((model) => ({
      name: `${proxy}-to-${model}`,
      from: pods(proxy, places),
      to: places.engine(model),
      ports: [places.enginePort],
    })),
  );
}

/** The egress gateway asks nobody inside: its configuration is whole. */
function controllerEdges(config: GatewayConfig, places: GatewayPlaces): Edge[] {
  const controller = pods(routeController, places);
  return [
    ...clientProxiesOf(config).map((proxy) => ({
      name: `xds-of-${proxy}`,
      from: pods(proxy, places),
      to: controller,
      ports: [ports.xds],
    })),
    {
      name: `api-server-of-${routeController}`,
      from: controller,
      to: { cidrs: places.apiServer.cidrs },
      ports: places.apiServer.ports,
    },
  ];
}

function egressEdges(config: GatewayConfig, places: GatewayPlaces): Edge[] {
  const listeners = usedEgressPorts(config);
  if (listeners.length === 0) return [];
  const egress = pods(egressGateway, places);
  const providers = usedProviders(config);
  return [
    {
      name: "external-road-of-gateway",
      from: pods(openGateway, places),
      to: egress,
      ports: listeners,
    },
    ...providers.map((provider) => ({
      name: `provider-${provider.name}-of-${egressGateway}`,
      from: egress,
      ...wayOut(provider),
    })),
    ...(providers.some(({ reach }) => reach.kind === "internet") ? [names(egress)] : []),
  ];
}

/** Proxies ask the rate-limit service, and it alone the counter. Neither asks anybody else. */
function limitsEdges(config: GatewayConfig, places: GatewayPlaces): Edge[] {
  if (config.limits === undefined) return [];
  const service = pods(limitsService, places);
  return [
    ...proxiesOf(config).map((proxy) => ({
      name: `limits-of-${proxy}`,
      from: pods(proxy, places),
      to: service,
      ports: [ports.limits],
    })),
    {
      name: `counter-of-${limitsService}`,
      from: service,
      to: pods(limitsCounter, places),
      ports: [ports.counter],
    },
  ];
}

/** The only ways out of the cluster that any pod of the stack has. */
function wayOut({ reach, port }: ProviderConfig): Pick<Edge, "to" | "ports"> {
  switch (reach.kind) {
    case "forward-proxy": {
      const bits = reach.address.includes(":") ? 128 : 32;
      return { to: { cidrs: [`${reach.address}/${bits}`] }, ports: [reach.port] };
    }
    case "internet":
      return { to: { cidrs: ["0.0.0.0/0"] }, ports: [port] };
    default:
      reach satisfies never;
      throw new Error("unreachable");
  }
}

/** Whoever reaches a provider by itself has to ask for its addresses; the forward proxy asks by itself. */
function names(egress: Pods): Edge {
  return {
    name: `names-of-${egressGateway}`,
    from: egress,
    to: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
    ports: [53],
    protocols: ["UDP", "TCP"],
  };
}

function scrapes(config: GatewayConfig, places: GatewayPlaces): Edge[] {
  return [
    ...proxiesOf(config).map((proxy) => ({
      name: `scrape-of-${proxy}`,
      from: places.prometheus,
      to: pods(proxy, places),
      ports: [ports.metrics],
    })),
    {
      name: `scrape-of-${routeController}`,
      from: places.prometheus,
      to: pods(routeController, places),
      ports: [ports.controllerHealth],
    },
    ...(config.limits === undefined
      ? []
      : [
          {
            name: `scrape-of-${limitsService}`,
            from: places.prometheus,
            to: pods(limitsService, places),
            ports: [ports.limitsMetrics],
          },
        ]),
  ];
}
