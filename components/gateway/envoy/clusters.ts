import { engineCluster, type ServedModel } from "../../lib/migration/desired.ts";
import { backendHeader, limitsCluster, ports, xdsCluster } from "../names.ts";
import { endpointKey } from "./endpoints.ts";
import { checkedCluster, completionCheck, defaultHealthTimes } from "./health.ts";
import { loopback, mostRequestsPerCluster } from "./limits.ts";
import type { GatewayPlan, HealthTimes, Road } from "./plan.ts";
import { egressKeyInjector, engineKeyInjector } from "./secrets.ts";
import { controllerSource } from "./sources.ts";
import { address, type Cluster, type HttpFilter, type LoadAssignment, typed } from "./types.ts";

const protocolOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** How requests go to a cluster: HTTP/1.1, through these filters. */
export function upstream(filters: readonly HttpFilter[]) {
  const codec: HttpFilter = {
    name: "envoy.filters.http.upstream_codec",
    typed_config: typed("envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec", {}),
  };
  return {
    [protocolOptions]: typed(protocolOptions, {
      explicit_http_config: { http_protocol_options: {} },
      common_http_protocol_options: { idle_timeout: "60s" },
      http_filters: [...filters, codec],
    }),
  };
}

/**
 * Says in the answer which cluster gave it. On the way out whatever a provider says is overwritten; elsewhere it is
 * left, because a cluster that stands for an engine and a way out would give the way out's answers its own name.
 */
export function answeredBy(cluster: string, overwrites = false): HttpFilter {
  const append_action = overwrites ? "OVERWRITE_IF_EXISTS_OR_ADD" : "ADD_IF_ABSENT";
  return {
    name: "envoy.filters.http.header_mutation",
    typed_config: typed("envoy.extensions.filters.http.header_mutation.v3.HeaderMutation", {
      mutations: {
        response_mutations: [
          { append: { header: { key: backendHeader, value: cluster }, append_action } },
        ],
      },
    }),
  };
}

/** One load assignment with one address. */
export function oneEndpoint(cluster: string, host: string, port: number): LoadAssignment {
  const endpoint = { address: address(host, port) };
  return { cluster_name: cluster, endpoints: [{ lb_endpoints: [{ endpoint }] }] };
}

/** Nobody is better off with a dead server than with an answer that says so. */
export const noPanic = { healthy_panic_threshold: { value: 0 } };

export const enoughForAll = {
  thresholds: [
    {
      max_connections: mostRequestsPerCluster,
      max_pending_requests: mostRequestsPerCluster,
      max_requests: mostRequestsPerCluster,
      // The whole load of a dead server needs another attempt at the same moment.
      max_retries: mostRequestsPerCluster,
    },
  ],
};

/** An engine's servers for requests of clients, and the same servers for checks of their health. */
export function engineClusters(model: ServedModel, times: HealthTimes): readonly Cluster[] {
  const name = engineCluster(model.name);
  const common = {
    type: "EDS",
    eds_cluster_config: { service_name: name, eds_config: controllerSource("1s") },
    connect_timeout: "1s",
    common_lb_config: noPanic,
    circuit_breakers: enoughForAll,
    typed_extension_protocol_options: upstream([answeredBy(name), engineKeyInjector(model.name)]),
  } as const;
  const checks: Cluster = {
    ...common,
    name: checkedCluster(model.name),
    lb_subset_config: {
      fallback_policy: "NO_FALLBACK",
      subset_selectors: [{ keys: [endpointKey], fallback_policy: "NO_FALLBACK" }],
    },
  };
  const requests: Cluster = {
    ...common,
    name,
    lb_policy: "LEAST_REQUEST",
    // Checks go through a listener, and listeners open once the clusters are there.
    wait_for_warm_on_init: false,
    health_checks: [completionCheck(model, times)],
    outlier_detection: wedgeDetection,
  };
  return [requests, checks];
}

/**
 * Takes a server out that never answers. What it answers does not count, whatever the status: a full queue
 * (503) and a limit (429) are signs of life, and a single answer in between starts the count anew.
 */
const wedgeDetection = {
  split_external_local_origin_errors: true,
  consecutive_local_origin_failure: 5,
  enforcing_consecutive_local_origin_failure: 100,
  enforcing_consecutive_5xx: 0,
  enforcing_consecutive_gateway_failure: 0,
  enforcing_success_rate: 0,
  enforcing_local_origin_success_rate: 0,
  enforcing_failure_percentage: 0,
  interval: "1s",
  base_ejection_time: "10s",
  max_ejection_time: "60s",
  max_ejection_percent: 100,
  successful_active_health_check_uneject_host: true,
};

export function timesOf({ health }: GatewayPlan): HealthTimes {
  return health ?? defaultHealthTimes;
}

/** The route controller, by the address of its Service, so that nobody needs DNS. */
export function controllerCluster({ controllerAddress }: GatewayPlan): Cluster {
  return {
    name: xdsCluster,
    type: "STATIC",
    connect_timeout: "1s",
    load_assignment: oneEndpoint(xdsCluster, controllerAddress, ports.xds),
    typed_extension_protocol_options: upstream([]),
  };
}

/** The rate-limit service, by the address of its Service, where something is limited. */
export function limitsClusters({ gateway, limitsAddress }: GatewayPlan): readonly Cluster[] {
  if (gateway.limits === undefined) return [];
  return [
    {
      name: limitsCluster,
      type: "STATIC",
      connect_timeout: "0.25s",
      load_assignment: oneEndpoint(limitsCluster, limitsAddress, ports.limits),
      circuit_breakers: enoughForAll,
      typed_extension_protocol_options: {
        [protocolOptions]: typed(protocolOptions, {
          explicit_http_config: { http2_protocol_options: {} },
        }),
      },
    },
  ];
}

export const adminCluster: Cluster = {
  name: "admin",
  type: "STATIC",
  connect_timeout: "1s",
  load_assignment: oneEndpoint("admin", loopback, ports.admin),
};

/** The egress gateway's listener for one model of one provider. */
export function externalRoad({ cluster }: Road): Cluster {
  return {
    name: cluster,
    type: "EDS",
    eds_cluster_config: { service_name: cluster, eds_config: controllerSource("1s") },
    connect_timeout: "1s",
    lb_policy: "LEAST_REQUEST",
    common_lb_config: noPanic,
    circuit_breakers: enoughForAll,
    typed_extension_protocol_options: upstream([answeredBy(cluster, true), egressKeyInjector()]),
  };
}
