import { engineCluster, type ServedModel } from "../../lib/migration/desired.ts";
import { ports } from "../names.ts";
import { connectionManager } from "./connection-manager.ts";
import { endpointKey } from "./endpoints.ts";
import { betweenProxies } from "./identity-headers.ts";
import { loopback, oneConnectionBuffer } from "./limits.ts";
import { onlyStatus } from "./local-replies.ts";
import type { HealthTimes } from "./plan.ts";
import {
  address,
  type HealthCheck,
  type HttpFilter,
  type Listener,
  type Route,
  typed,
} from "./types.ts";

export const defaultHealthTimes: HealthTimes = { intervalSeconds: 5, timeoutSeconds: 30 };

/** Header by which a check says which engine's key it needs. */
const engineHeader = "x-private-llm-engine";
const path = "/v1/completions";

/** Status with which the proxy itself answers a check; a server's own 503 means that it is busy, thus alive. */
const unreachable = 504;

/**
 * Cluster through which checks reach the servers of an engine: the same endpoints, without health of their own,
 * and only ever the one that the check is about.
 */
export function checkedCluster(model: string): string {
  return `health-of-${engineCluster(model)}`;
}

/**
 * Asks an engine for one token, because `/health` stays green while inference is dead. A full queue (503 or 429)
 * is an answer; silence is none. Envoy cannot read a key into its checks, so they take the way through
 * `healthListener`, which adds it.
 */
export function completionCheck(
  { name, servedName }: ServedModel,
  times: HealthTimes,
): HealthCheck {
  const body = JSON.stringify({ model: servedName, prompt: "1", max_tokens: 1 });
  const interval = `${times.intervalSeconds}s` as const;
  return {
    timeout: `${times.timeoutSeconds}s`,
    interval,
    unhealthy_interval: "1s",
    // Without traffic these two count instead, and are a minute each.
    no_traffic_interval: "1s",
    no_traffic_healthy_interval: interval,
    unhealthy_threshold: 2,
    healthy_threshold: 2,
    reuse_connection: false,
    http_health_check: {
      path,
      method: "POST",
      send: { text: Buffer.from(body).toString("hex") },
      request_headers_to_add: [
        header("content-type", "application/json"),
        header(engineHeader, name),
      ],
      expected_statuses: [only(200), only(429), only(503)],
      // These count towards the threshold; any other status ends it at once.
      retriable_statuses: [only(unreachable)],
    },
  };
}

function header(key: string, value: string) {
  return { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" } as const;
}

function only(status: number) {
  return { start: status, end: status + 1 };
}

/** Takes the proxy's own checks, on loopback alone, to the endpoint that their host name names. */
export function healthListener(engines: readonly ServedModel[]): Listener {
  const routes = engines.map(
    ({ name }): Route => ({
      name,
      match: { path, headers: [{ name: engineHeader, string_match: { exact: name } }] },
      route: { cluster: checkedCluster(name), timeout: "0s", idle_timeout: "0s" },
      request_headers_to_remove: [engineHeader],
    }),
  );
  const virtual_hosts = [{ name: "engines", domains: ["*"], routes }];
  return {
    name: "health",
    address: address(loopback, ports.health),
    per_connection_buffer_limit_bytes: oneConnectionBuffer,
    ignore_global_conn_limit: true,
    filter_chains: [
      {
        filters: [
          connectionManager({
            name: "health",
            routes: { route_config: { name: "health", virtual_hosts } },
            filters: [endpointChoice],
            localReplies: onlyStatus(unreachable),
            accessLog: [],
            strips: betweenProxies,
          }),
        ],
      },
    ],
  };
}

/** The host name of a check as what the cluster's subsets are chosen by. */
const endpointChoice: HttpFilter = {
  name: "envoy.filters.http.header_to_metadata",
  typed_config: typed("envoy.extensions.filters.http.header_to_metadata.v3.Config", {
    request_rules: [
      {
        header: ":authority",
        on_header_present: { metadata_namespace: "envoy.lb", key: endpointKey, type: "STRING" },
        remove: false,
      },
    ],
  }),
};
