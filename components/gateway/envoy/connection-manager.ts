import { clientsHeaders, early } from "./identity-headers.ts";
import { mostHeaders, mostHeadersKib, mostStreamsPerConnection } from "./limits.ts";
import type { ConfigSource, HttpFilter, NamedExtension, RouteConfiguration } from "./types.ts";
import { typed } from "./types.ts";

export interface ConnectionManagerParts {
  /** Prefix of its metrics. */
  readonly name: string;
  readonly routes:
    | { readonly route_config: RouteConfiguration }
    | {
        readonly rds: { readonly route_config_name: string; readonly config_source: ConfigSource };
      };
  /** Before the router, in order. */
  readonly filters: readonly HttpFilter[];
  readonly localReplies: object;
  readonly accessLog: readonly NamedExtension[];
  /** Headers that no request may bring in. @default - all by which a client could name itself */
  readonly strips?: typeof clientsHeaders;
}

const type = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

/** What turns bytes of a client into requests: the same strict reading on every listener. */
export function connectionManager(parts: ConnectionManagerParts): NamedExtension {
  return {
    name: "envoy.filters.network.http_connection_manager",
    typed_config: typed(type, {
      stat_prefix: parts.name,
      codec_type: "AUTO",
      ...parts.routes,
      early_header_mutation_extensions: [early(parts.strips ?? clientsHeaders)],
      http_filters: [...parts.filters, router],
      local_reply_config: parts.localReplies,
      access_log: parts.accessLog,
      ...strictReading,
      ...patience,
      server_header_transformation: "OVERWRITE",
      server_name: "private-llm",
    }),
  };
}

const router: HttpFilter = {
  name: "envoy.filters.http.router",
  typed_config: typed("envoy.extensions.filters.http.router.v3.Router", {
    suppress_envoy_headers: true,
  }),
};

/** One request has one meaning: nothing that proxy and engine could read in two ways. */
const strictReading = {
  normalize_path: true,
  merge_slashes: true,
  path_with_escaped_slashes_action: "REJECT_REQUEST",
  // Otherwise the client's address would go to engine and provider in a header.
  use_remote_address: false,
  max_request_headers_kb: mostHeadersKib,
  http_protocol_options: { allow_absolute_url: false, accept_http_10: false },
  http2_protocol_options: {
    max_concurrent_streams: mostStreamsPerConnection,
    initial_stream_window_size: 65_536,
    initial_connection_window_size: 1_048_576,
  },
};

/** Waits long for answers, and not for clients. */
const patience = {
  common_http_protocol_options: {
    idle_timeout: "300s",
    max_headers_count: mostHeaders,
    headers_with_underscores_action: "REJECT_REQUEST",
  },
  request_headers_timeout: "10s",
  request_timeout: "60s",
  stream_idle_timeout: "300s",
  stream_flush_timeout: "60s",
  delayed_close_timeout: "1s",
};
