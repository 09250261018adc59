import { engineCluster, externalCluster } from "../../lib/migration/desired.ts";
import { clientHeader } from "../names.ts";
import { answeredBy, enoughForAll, noPanic, upstream } from "./clusters.ts";
import { connectionManager } from "./connection-manager.ts";
import { pathList } from "./filters.ts";
import { oneConnectionBuffer } from "./limits.ts";
import { localReplies } from "./local-replies.ts";
import { type GatewayPlan, openClasses } from "./plan.ts";
import { eitherCluster } from "./routes.ts";
import { engineKeyInjector } from "./secrets.ts";
import { type Cluster, type Listener, type Route, typed } from "./types.ts";

/**
 * An aggregate cluster's own filters serve all that it stands for, so one key would go to engine and provider
 * alike. The way out therefore leads through a listener inside the proxy, which drops the engine's key.
 */
interface Pair {
  readonly model: string;
  readonly external: string;
  /** Who is asked first. */
  readonly first: "model" | "external";
}

/**
 * For each class that may fail over, each of its engines with its first provider; and for each class with
 * both, each of its ways out with its first engine: that answers when the budget for providers is spent.
 */
function pairs(plan: GatewayPlan): readonly Pair[] {
  const all = openClasses(plan).flatMap((one): readonly Pair[] => {
    if (one.dataClass !== "public") return [];
    const models = one.backends.flatMap((each) => (each.kind === "local" ? [each.model] : []));
    const ways = one.backends.flatMap((each) =>
      each.kind === "external" ? [externalCluster(each.provider, each.model)] : [],
    );
    return [
      ...(one.failover ? ways.slice(0, 1) : []).flatMap((external) =>
        models.map((model) => ({ model, external, first: "model" as const })),
      ),
      ...models
        .slice(0, 1)
        .flatMap((model) =>
          ways.map((external) => ({ model, external, first: "external" as const })),
        ),
    ];
  });
  return [...new Map(all.map((pair) => [pairName(pair), pair])).values()];
}

function pairName({ model, external, first }: Pair): string {
  const engine = engineCluster(model);
  return first === "model" ? eitherCluster(engine, external) : eitherCluster(external, engine);
}

function externals(plan: GatewayPlan): readonly string[] {
  return [...new Set(pairs(plan).map(({ external }) => external))];
}

function innerName(external: string): string {
  return `inner-${external}`;
}

export function eitherClusters(plan: GatewayPlan): readonly Cluster[] {
  return [...pairs(plan).map(pairCluster), ...externals(plan).map(innerCluster)];
}

/** One of the two, and the other while the first cannot answer. */
function pairCluster(pair: Pair): Cluster {
  const engine = engineCluster(pair.model);
  const inner = innerName(pair.external);
  return {
    name: pairName(pair),
    connect_timeout: "1s",
    lb_policy: "CLUSTER_PROVIDED",
    cluster_type: {
      name: "envoy.clusters.aggregate",
      typed_config: typed("envoy.extensions.clusters.aggregate.v3.ClusterConfig", {
        clusters: pair.first === "model" ? [engine, inner] : [inner, engine],
      }),
    },
    circuit_breakers: enoughForAll,
    typed_extension_protocol_options: upstream([answeredBy(engine), engineKeyInjector(pair.model)]),
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
