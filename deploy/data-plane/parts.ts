import { closedGateway, egressGateway, openGateway } from "../../components/gateway/names.ts";
import {
  externalBackends,
  type Proxy as ProxyKind,
  proxiesOf,
  usedProviders,
} from "../../components/gateway/parts.ts";
import type { GatewayConfig } from "../../components/lib/stack/gateway.ts";

/** The part of a stack that the local data plane plays. */
export interface DataPlaneStack {
  readonly gateway: GatewayConfig;
  /** Address of the route controller's Service, as configurations name it. */
  readonly controllerAddress: string;
  /** Address of the rate-limit service's. */
  readonly limitsAddress: string;
  /** Those that some class asks. */
  readonly models: readonly string[];
  readonly namespaces: { readonly gateway: string; readonly inference: string };
}

/** One Envoy process: a pod of a Deployment. */
export interface Proxy {
  /** As the pod would be called. */
  readonly name: string;
  readonly deployment: ProxyKind;
}

/** A provider's stand-in, with every model that the stack asks of it. */
export interface Provider {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly basePath: string;
  readonly keySecret: string;
  readonly models: readonly [string, ...string[]];
}

/** Two replicas where traffic moves, so that one sees a change arrive at each. */
const replicas: Readonly<Record<Proxy["deployment"], number>> = {
  [openGateway]: 2,
  [closedGateway]: 1,
  [egressGateway]: 1,
};

/** Every Envoy that the stack's gateway consists of. */
export function proxies({ gateway }: DataPlaneStack): Proxy[] {
  return proxiesOf(gateway).flatMap((deployment) =>
    Array.from({ length: replicas[deployment] }, (_, index) => ({
      name: `${deployment}-${index + 1}`,
      deployment,
    })),
  );
}

/** Stand-ins for the providers that some class asks. */
export function providers({ gateway }: DataPlaneStack): Provider[] {
  return usedProviders(gateway).flatMap(({ name, host, port, api, keySecret }): Provider[] => {
    const asked = externalBackends(gateway).filter(({ provider }) => provider === name);
    const [first, ...rest] = new Set(asked.map(({ model }) => model));
    if (first === undefined) return [];
    const basePath = api.kind === "openai" ? api.basePath : "/v1";
    return [{ name, host, port, basePath, keySecret, models: [first, ...rest] }];
  });
}
