import { engineCluster, externalCluster } from "../../lib/migration/desired.ts";
import { clientHeader } from "../names.ts";
import { enoughForAll, noPanic, upstream } from "./clusters.ts";
import { connectionManager } from "./connection-manager.ts";
import { pathList } from "./filters.ts";
import { oneConnectionBuffer } from "./limits.ts";
import { localReplies } from "./local-replies.ts";
import { type GatewayPlan, openClasses } from "./plan.ts";
import { failoverCluster } from "./routes.ts";
import { engineKeyInjector } from "./secrets.ts";
import { type Cluster, type Listener, type Route, typed } from "./types.ts";

/**
 * An aggregate cluster's own filters serve all that it stands for, so one key would go to engine and provider
 * alike. The way out therefore leads through a listener inside the proxy, which drops the engine's key.
 */
interface Failover {
  readonly model: string;
  readonly external: string;
}

/** For each class that may fail over, each of its engines with its first provider. */
function failovers(plan: GatewayPlan): readonly Failover[] {
  const pairs = openClasses(plan).flatMap((one) => {
    if (one.dataClass !== "public" || !one.failover) return [];
    const way = one.backends.find((backend) => backend.kind === "external");
    if (way === undefined) return [];
    const external = externalCluster(way.provider, way.model);
    return one.backends.flatMap((backend) =>
      backend.kind === "local" ? [{ model: backend.model, external }] : [],
    );
  });
  return [...new Map(pairs.map((pair) => [`${pair.model} ${pair.external}`, pair])).values()];
}

function externals(plan: GatewayPlan): readonly string[] {
  return [...new Set(failovers(plan).map(({ external }) => external))];
}

function innerName(external: string): string {
  return `inner-${external}`;
}

export function failoverClusters(plan: GatewayPlan): readonly Cluster[] {
  return [...failovers(plan).map(eitherCluster), ...externals(plan).map(innerCluster)];
}

/** The engine, and the provider while no server of the engine can answer. */
function eitherCluster({ model, external }: Failover): Cluster {
  const engine = engineCluster(model);
  return {
    name: failoverCluster(engine, external),
    connect_timeout: "1s",
    lb_policy: "CLUSTER_PROVIDED",
    cluster_type: {
      name: "envoy.clusters.aggregate",
      typed_config: typed("envoy.extensions.clusters.aggregate.v3.ClusterConfig", {
        clusters: [engine, innerName(external)],
      }),
    },
    circuit_breakers: enoughForAll,
    typed_extension_protocol_options: upstream([engineKeyInjector(model)]),
  };
}

function innerCluster(external: string): Cluster {
  const name = innerName(external);
  const inner = { envoy_internal_address: { server_listener_name: name } };
  return {
    name,
    type: "STATIC",
    connect_timeout: "1s",
    common_lb_config: noPanic,
    circuit_breakers: enoughForAll,
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: inner } }] }],
    },
    typed_extension_protocol_options: upstream([]),
  };
}

/** Reached from within the proxy alone: they have no address. */
export function innerListeners(plan: GatewayPlan): readonly Listener[] {
  return externals(plan).map((external) => {
    const name = innerName(external);
    const onward: Route = {
      name: external,
      match: { prefix: "/" },
      route: { cluster: external, timeout: "0s", idle_timeout: "300s" },
    };
    const virtual_hosts = [{ name, domains: ["*"], routes: [onward] }];
    return {
      name,
      internal_listener: {},
      per_connection_buffer_limit_bytes: oneConnectionBuffer,
      filter_chains: [
        {
          filters: [
            connectionManager({
              name,
              routes: { route_config: { name, virtual_hosts } },
              filters: [pathList()],
              localReplies: localReplies(),
              accessLog: [],
              strips: [{ remove: "authorization" }, { remove: clientHeader }],
            }),
          ],
        },
      ],
    };
  });
}

/** What Envoy needs to have listeners without an address. */
export const innerListenerExtension = {
  name: "envoy.bootstrap.internal_listener",
  typed_config: typed("envoy.extensions.bootstrap.internal_listener.v3.InternalListener", {}),
};
