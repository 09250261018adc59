import { type WorkloadLabels, workloadLabels } from "../lib/labels.ts";
import { externalCluster } from "../lib/migration/desired.ts";
import {
  type Backend,
  type ExternalBackend,
  isPublic,
  type TaskClass,
} from "../lib/migration/task-class.ts";
import type { GatewayConfig, ProviderConfig } from "../lib/stack/gateway.ts";
import { egressPorts } from "./egress-ports.ts";
import {
  closedGateway,
  egressGateway,
  type limitsCounter,
  type limitsService,
  openGateway,
  type routeController,
} from "./names.ts";

/** The kinds of proxy, each a Deployment with a configuration of its own. */
export type Proxy = typeof openGateway | typeof closedGateway | typeof egressGateway;

/** What a gateway's pods may be. */
export type Part = Proxy | typeof routeController | typeof limitsService | typeof limitsCounter;

/** Proxies that clients call. */
export type ClientProxy = Exclude<Proxy, typeof egressGateway>;

type Classes = Pick<GatewayConfig, "taskClasses">;

/** Proxies that a gateway needs: nothing runs that no class asks for. */
export function proxiesOf(config: Classes): readonly Proxy[] {
  const external = externalBackends(config).length > 0;
  return [...clientProxiesOf(config), ...(external ? ([egressGateway] as const) : [])];
}

export function clientProxiesOf({ taskClasses }: Classes): readonly ClientProxy[] {
  const classes: readonly TaskClass[] = taskClasses;
  return [
    ...(classes.some(isPublic) ? ([openGateway] as const) : []),
    ...(classes.every(isPublic) ? [] : ([closedGateway] as const)),
  ];
}

function backendsOf({ taskClasses }: Classes, proxy: Proxy): readonly Backend[] {
  if (proxy === egressGateway) return [];
  const classes: readonly TaskClass[] = taskClasses;
  return classes
    .filter((one) => isPublic(one) === (proxy === openGateway))
    .flatMap((one): readonly Backend[] => one.backends);
}

/** Models whose engines a proxy sends to, each once, in the order of the stack file. */
export function enginesOf(config: Classes, proxy: Proxy): readonly string[] {
  const models = backendsOf(config, proxy).flatMap((one) =>
    one.kind === "local" ? [one.model] : [],
  );
  return [...new Set(models)];
}

/** Models that some class asks, whichever proxy it has. */
export function usedEngines(config: Classes): ReadonlySet<string> {
  return new Set(clientProxiesOf(config).flatMap((proxy) => enginesOf(config, proxy)));
}

/** Backends at providers, as classes name them. */
export function externalBackends(config: Classes): readonly ExternalBackend[] {
  return backendsOf(config, openGateway).filter((one) => one.kind === "external");
}

/** Clusters that lead to the egress gateway, each once. */
export function externalClusters(config: Classes): readonly string[] {
  const names = externalBackends(config).map(({ provider, model }) =>
    externalCluster(provider, model),
  );
  return [...new Set(names)];
}

/** Ports of the egress gateway that some class leads to. */
export function usedEgressPorts(config: Classes): readonly number[] {
  return [...egressPorts(externalClusters(config)).values()];
}

/** Providers that some class names; what is only listed gets no way out. */
export function usedProviders(
  config: Pick<GatewayConfig, "taskClasses" | "providers">,
): readonly ProviderConfig[] {
  const used = new Set(externalBackends(config).map(({ provider }) => provider));
  return config.providers.filter(({ name }) => used.has(name));
}

const proxies: readonly Part[] = [openGateway, closedGateway, egressGateway];

/** Labels of a part. Monitors select all proxies by their common name. */
export function partLabels(part: Part): WorkloadLabels {
  return workloadLabels(proxies.includes(part) ? proxyProgram : part, part);
}

/** `app.kubernetes.io/name` of every proxy. */
export const proxyProgram = "gateway";
