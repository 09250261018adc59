/** The parts of Envoy's configuration that the gateway uses, by the field names of its definitions (v3, 1.40). */

/** Some message behind `typed_config`; its type says which. */
export interface Extension {
  readonly "@type": string;
}

/** Packs a message for a place that takes any. @param type name of the message without `type.googleapis.com/` */
export function typed<const T extends object>(type: string, body: T): T & Extension {
  return { "@type": `type.googleapis.com/${type}`, ...body };
}

/** Seconds, as in `0.25s`. */
export type Duration = `${number}s`;

export interface NamedExtension {
  readonly name: string;
  readonly typed_config: Extension;
}

export interface Address {
  readonly socket_address: { readonly address: string; readonly port_value: number };
}

export function address(host: string, port: number): Address {
  return { socket_address: { address: host, port_value: port } };
}

/** A listener of the proxy itself. */
export interface InnerAddress {
  readonly envoy_internal_address: { readonly server_listener_name: string };
}

export interface ConfigSource {
  readonly resource_api_version: "V3";
  readonly initial_fetch_timeout?: Duration;
  readonly path_config_source?: {
    readonly path: string;
    readonly watched_directory: { readonly path: string };
  };
  readonly api_config_source?: {
    readonly api_type: "REST";
    readonly transport_api_version: "V3";
    readonly cluster_names: readonly string[];
    readonly refresh_delay: Duration;
    readonly request_timeout: Duration;
  };
}

/** A filter, or the place of one that comes from a file. */
export type HttpFilter =
  | NamedExtension
  | {
      readonly name: string;
      readonly config_discovery: {
        readonly config_source: ConfigSource;
        readonly type_urls: readonly string[];
      };
    };

export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
}

export interface HeaderMatch {
  readonly name: string;
  readonly string_match: StringMatch;
}

export interface RetryPolicy {
  readonly retry_on: string;
  readonly retriable_status_codes: readonly number[];
  readonly retriable_headers?: readonly { readonly name: string; readonly present_match: true }[];
  readonly num_retries: number;
  readonly per_try_idle_timeout: Duration;
  readonly retry_host_predicate: readonly NamedExtension[];
  readonly host_selection_retry_max_attempts: number;
  readonly retry_priority?: NamedExtension;
}

export interface RouteAction {
  readonly cluster?: string;
  readonly weighted_clusters?: {
    readonly runtime_key_prefix: string;
    readonly clusters: readonly {
      readonly name: string;
      readonly weight: number;
      readonly typed_per_filter_config?: Readonly<Record<string, Extension>>;
    }[];
  };
  readonly host_rewrite_literal?: string;
  readonly path_rewrite?: string;
  readonly prefix_rewrite?: string;
  readonly metadata_match?: object;
  readonly timeout: Duration;
  readonly idle_timeout: Duration;
  readonly retry_policy?: RetryPolicy;
}

export interface DirectResponse {
  readonly status: number;
  readonly body: { readonly inline_string: string };
}

export interface HeaderValue {
  readonly header: { readonly key: string; readonly value: string };
  readonly append_action: "OVERWRITE_IF_EXISTS_OR_ADD" | "ADD_IF_ABSENT";
}

export interface Route {
  readonly name: string;
  readonly match: {
    readonly path?: string;
    readonly prefix?: string;
    readonly headers?: readonly HeaderMatch[];
    readonly dynamic_metadata?: readonly object[];
  };
  readonly route?: RouteAction;
  readonly direct_response?: DirectResponse;
  readonly stat_prefix?: string;
  readonly request_headers_to_remove?: readonly string[];
  readonly response_headers_to_add?: readonly HeaderValue[];
  readonly response_headers_to_remove?: readonly string[];
  readonly typed_per_filter_config?: Readonly<Record<string, Extension>>;
}

export interface RouteConfiguration {
  readonly name: string;
  readonly virtual_hosts: readonly {
    readonly name: string;
    readonly domains: readonly string[];
    readonly routes: readonly Route[];
  }[];
}

export interface Endpoint {
  readonly endpoint: {
    readonly address: Address | InnerAddress;
    readonly hostname?: string;
    readonly health_check_config?: { readonly hostname: string; readonly address: Address };
  };
  readonly metadata?: {
    readonly filter_metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
}

export interface LoadAssignment {
  readonly cluster_name: string;
  readonly endpoints: readonly { readonly lb_endpoints: readonly Endpoint[] }[];
}

export interface Cluster {
  readonly name: string;
  readonly type?: "STATIC" | "EDS";
  readonly cluster_type?: NamedExtension;
  readonly lb_policy?: "LEAST_REQUEST" | "ROUND_ROBIN" | "CLUSTER_PROVIDED";
  readonly connect_timeout: Duration;
  readonly eds_cluster_config?: {
    readonly service_name: string;
    readonly eds_config: ConfigSource;
  };
  readonly load_assignment?: LoadAssignment;
  readonly wait_for_warm_on_init?: boolean;
  readonly common_lb_config?: { readonly healthy_panic_threshold: { readonly value: number } };
  readonly lb_subset_config?: {
    readonly fallback_policy: "NO_FALLBACK";
    readonly subset_selectors: readonly {
      readonly keys: readonly string[];
      readonly fallback_policy: "NO_FALLBACK";
    }[];
  };
  readonly health_checks?: readonly HealthCheck[];
  readonly outlier_detection?: object;
  readonly circuit_breakers?: { readonly thresholds: readonly object[] };
  readonly transport_socket?: NamedExtension;
  readonly typed_extension_protocol_options?: Readonly<Record<string, Extension>>;
}

interface StatusRange {
  readonly start: number;
  readonly end: number;
}

export interface HealthCheck {
  readonly timeout: Duration;
  readonly interval: Duration;
  readonly no_traffic_interval: Duration;
  readonly no_traffic_healthy_interval: Duration;
  readonly unhealthy_interval: Duration;
  readonly unhealthy_threshold: number;
  readonly healthy_threshold: number;
  readonly reuse_connection: boolean;
  readonly http_health_check: {
    readonly path: string;
    readonly method: "POST";
    readonly send: { readonly text: string };
    readonly request_headers_to_add: readonly HeaderValue[];
    readonly expected_statuses: readonly StatusRange[];
    readonly retriable_statuses: readonly StatusRange[];
  };
}

export interface Listener {
  readonly name: string;
  readonly address?: Address;
  /** In the place of an address: reached from within the proxy alone. */
  readonly internal_listener?: object;
  readonly per_connection_buffer_limit_bytes: number;
  readonly ignore_global_conn_limit?: boolean;
  readonly filter_chains: readonly {
    readonly transport_socket?: NamedExtension;
    readonly transport_socket_connect_timeout?: Duration;
    readonly filters: readonly NamedExtension[];
  }[];
}

export interface Bootstrap {
  /** Values that the admin interface may change; without this layer it refuses to. */
  readonly layered_runtime?: {
    readonly layers: readonly { readonly name: string; readonly admin_layer: object }[];
  };
  readonly node: { readonly metadata: { readonly [healthAddress: string]: Address } };
  readonly admin: { readonly address: Address };
  readonly static_resources: {
    readonly listeners: readonly Listener[];
    readonly clusters: readonly Cluster[];
  };
  readonly overload_manager: object;
  readonly stats_config?: object;
  readonly bootstrap_extensions?: readonly NamedExtension[];
}
