import { closedGateway, egressGateway, openGateway } from "../../components/gateway/names.ts";
import { externalCluster } from "../../components/lib/migration/desired.ts";
import type { GatewayConfig } from "../../components/lib/stack/gateway.ts";

/** The part of a stack that the local data plane plays. */
export interface DataPlaneStack {
  readonly gateway: GatewayConfig;
  /** Address of the route controller's Service, as configurations name it. */
  readonly controllerAddress: string;
  readonly models: readonly string[];
  readonly namespaces: { readonly gateway: string; readonly inference: string };
}

/** One Envoy process: a pod of a Deployment. */
export interface Proxy {
  /** As the pod would be called. */
  readonly name: string;
  readonly deployment: typeof openGateway | typeof closedGateway | typeof egressGateway;
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
const openReplicas = 2;

/** Every Envoy that the stack's gateway consists of. */
export function proxies({ gateway }: DataPlaneStack): Proxy[] {
  const open = gateway.taskClasses.some(({ dataClass }) => dataClass === "public");
  const closed = gateway.taskClasses.some(({ dataClass }) => dataClass !== "public");
  return [
    ...(externalClusters(gateway).length > 0 ? replicas(egressGateway, 1) : []),
    ...(open ? replicas(openGateway, openReplicas) : []),
    ...(closed ? replicas(closedGateway, 1) : []),
  ];
}

function replicas(deployment: Proxy["deployment"], count: number): Proxy[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${deployment}-${index + 1}`,
    deployment,
  }));
}

/** Clusters that lead to the egress gateway, each once. */
export function externalClusters({ taskClasses }: GatewayConfig): string[] {
  const names = taskClasses.flatMap(({ backends }) =>
    backends.flatMap((backend) =>
      backend.kind === "external" ? [externalCluster(backend.provider, backend.model)] : [],
    ),
  );
  return [...new Set(names)];
}

/** Providers that some class asks. */
export function usedProviders({ gateway }: DataPlaneStack): Provider[] {
  return gateway.providers.flatMap(({ name, host, port, api, keySecret }): Provider[] => {
    const models = gateway.taskClasses
      .flatMap(({ backends }) => [...backends])
      .flatMap((backend) =>
        backend.kind === "external" && backend.provider === name ? [backend.model] : [],
      );
    const [first, ...rest] = new Set(models);
    if (first === undefined) return [];
    const basePath = api.kind === "openai" ? api.basePath : "/v1";
    return [{ name, host, port, basePath, keySecret, models: [first, ...rest] }];
  });
}
