import type { LimitsConfig } from "../../lib/stack/limits.ts";
import { ports } from "../names.ts";
import { accessLog } from "./access-log.ts";
import { answerWith, apiErrors } from "./api-errors.ts";
import { type ConnectionManagerParts, connectionManager } from "./connection-manager.ts";
import {
  clientFacts,
  keyCheck,
  pathList,
  routeByClient,
  routeByWish,
  wholeRequest,
} from "./filters.ts";
import { oneConnectionBuffer } from "./limits.ts";
import { localReplies } from "./local-replies.ts";
import { modelRewriteByRoute, teamSalt } from "./model-rewrite.ts";
import { teamLimits } from "./rate-limits.ts";
import { requestMetricsLog } from "./request-metrics.ts";
import { clientTls } from "./secrets.ts";
import { address, type Listener, type Route } from "./types.ts";
import { usageReaders, wishReader } from "./usage.ts";

export interface ClientListenerParts {
  /** Every address of the pod. */
  readonly host: string;
  /** File of the clients' keys. */
  readonly keys: string;
  readonly routes: ConnectionManagerParts["routes"];
  /** Expressions of what a request cost and of the tokens that it took. */
  readonly units: string;
  readonly tokens: string;
  /** @default - nothing is limited */
  readonly limits: LimitsConfig | undefined;
  /** Whether engines are told the team, to keep what they remember of prompts apart. */
  readonly saltsTeams: boolean;
}

/** Where clients call: TLS, known paths, a known key, what the team may use, and then the routes. */
export function clientListener(parts: ClientListenerParts): Listener {
  const { host, keys, routes, units, tokens, limits, saltsTeams } = parts;
  return {
    name: "clients",
    address: address(host, ports.clients),
    per_connection_buffer_limit_bytes: oneConnectionBuffer,
    filter_chains: [
      {
        transport_socket: clientTls(),
        transport_socket_connect_timeout: "10s",
        filters: [
          connectionManager({
            name: "clients",
            routes,
            filters: [
              pathList(),
              keyCheck(keys),
              clientFacts(),
              routeByClient(),
              ...(limits === undefined ? [] : teamLimits(limits, units, tokens)),
              ...usageReaders(),
              wholeRequest(),
              wishReader(),
              routeByWish(),
              modelRewriteByRoute(),
              ...(saltsTeams ? [teamSalt()] : []),
              // The body has another length now, of which some servers demand to be told.
              wholeRequest(),
            ],
            localReplies: localReplies(),
            accessLog: [...accessLog(units), requestMetricsLog(units)],
          }),
        ],
      },
    ],
  };
}

/** Readiness and metrics; the rest of the admin interface stays on loopback. */
export function metricsListener(host: string): Listener {
  const pages = ["/ready", "/stats/prometheus"].map(
    (path): Route => ({
      name: path.slice(1),
      match: { path, headers: [{ name: ":method", string_match: { exact: "GET" } }] },
      route: { cluster: "admin", timeout: "5s", idle_timeout: "5s" },
    }),
  );
  const other: Route = {
    name: "other",
    match: { prefix: "/" },
    direct_response: answerWith(apiErrors.notFound),
  };
  const virtual_hosts = [{ name: "metrics", domains: ["*"], routes: [...pages, other] }];
  return {
    name: "metrics",
    address: address(host, ports.metrics),
    per_connection_buffer_limit_bytes: oneConnectionBuffer,
    // The kubelet must get through when clients have taken all connections.
    ignore_global_conn_limit: true,
    filter_chains: [
      {
        filters: [
          connectionManager({
            name: "metrics",
            routes: { route_config: { name: "metrics", virtual_hosts } },
            filters: [],
            localReplies: localReplies(),
            accessLog: [],
          }),
        ],
      },
    ],
  };
}
