import { enginePaths } from "../../lib/engine-paths.ts";
import type { ProviderConfig } from "../../lib/stack/gateway.ts";
import { paths, providerKeyPath, refusedHeader } from "../names.ts";
import { answerWith, apiErrors } from "./api-errors.ts";
import { factMatch, facts } from "./client-metadata.ts";
import { enoughForAll, noPanic, oneEndpoint, upstream } from "./clusters.ts";
import { modelTransform, transformFilter } from "./model-rewrite.ts";
import type { Road } from "./plan.ts";
import { keyInjector, keySecret, type SecretFile } from "./secrets.ts";
import {
  address,
  type Cluster,
  type NamedExtension,
  type Route,
  type RouteConfiguration,
  typed,
} from "./types.ts";

function clusterName({ name }: ProviderConfig): string {
  return `provider-${name}`;
}

export function providerKey({ name }: ProviderConfig): SecretFile {
  return keySecret(`provider-key-${name}`, providerKeyPath(name));
}

/** A provider by its host name, with a certificate for exactly that name, and its key in every request. */
export function providerCluster(provider: ProviderConfig): Cluster {
  const name = clusterName(provider);
  return {
    name,
    connect_timeout: "5s",
    common_lb_config: noPanic,
    circuit_breakers: enoughForAll,
    ...reached(provider, name),
    typed_extension_protocol_options: upstream([injector(provider)]),
  };
}

function reached(
  { reach, host, port }: ProviderConfig,
  name: string,
): Pick<Cluster, "type" | "cluster_type" | "load_assignment" | "transport_socket"> {
  switch (reach.kind) {
    case "forward-proxy": {
      const proxy = typed(
        "envoy.extensions.transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport",
        {
          transport_socket: providerTls(host),
          default_proxy_address: address(reach.address, reach.port),
        },
      );
      // The proxy is asked for the host name and this port; the address is never dialled, and no DNS is asked.
      const endpoint = { hostname: host, address: address(reach.address, port) };
      return {
        type: "STATIC",
        load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint }] }] },
        transport_socket: { name: "envoy.transport_sockets.http_11_proxy", typed_config: proxy },
      };
    }
    case "internet": {
      const dns = typed("envoy.extensions.clusters.dns.v3.DnsCluster", {
        all_addresses_in_single_endpoint: true,
        dns_lookup_family: "V4_PREFERRED",
      });
      return {
        cluster_type: { name: "envoy.clusters.dns", typed_config: dns },
        load_assignment: oneEndpoint(name, host, port),
        transport_socket: providerTls(host),
      };
    }
    default:
      reach satisfies never;
      throw new Error("unreachable");
  }
}

function injector(provider: ProviderConfig): NamedExtension {
  const key = providerKey(provider);
  switch (provider.api.kind) {
    case "openai":
      return keyInjector(key, "authorization", "Bearer ");
    case "azure-openai":
      return keyInjector(key, "api-key");
    default:
      provider.api satisfies never;
      throw new Error("unreachable");
  }
}

function providerTls(host: string): NamedExtension {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", {
      sni: host,
      common_tls_context: {
        tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
        validation_context: {
          trusted_ca: { filename: paths.authorities },
          match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: host } }],
        },
      },
    }),
  };
}

/** The paths of an engine as the provider calls them, on its own host name and without a client's query. */
export function providerRoutes(road: Road): RouteConfiguration {
  const known = enginePaths
    .filter((path) => path !== "/v1/models")
    .flatMap((path) => [streamRoute(road, path), providerRoute(road, path)]);
  const other: Route = {
    name: "foreign-path",
    match: { prefix: "/" },
    direct_response: answerWith(apiErrors.notFound),
  };
  const virtual_hosts = [{ name: road.cluster, domains: ["*"], routes: [...known, other] }];
  return { name: road.cluster, virtual_hosts };
}

function providerRoute(road: Road, path: string): Route {
  const { provider } = road;
  return {
    name: road.cluster,
    match: { path },
    route: {
      cluster: clusterName(provider),
      host_rewrite_literal: provider.host,
      // A percent sign begins an operator of Envoy's formats; two are one.
      path_rewrite: providerPath(road, path.slice("/v1".length)).replaceAll("%", "%%"),
      timeout: "0s",
      idle_timeout: "300s",
    },
    request_headers_to_remove: [...tellTales],
    response_headers_to_remove: [...accountHeaders],
  };
}

/** A request for a stream asks for its usage too; servers refuse that field in any other request. */
function streamRoute(road: Road, path: string): Route {
  const plain = providerRoute(road, path);
  const isStream = factMatch(facts.stream, { bool_match: true });
  return {
    ...plain,
    match: { path, dynamic_metadata: [isStream] },
    typed_per_filter_config: {
      [transformFilter]: modelTransform({
        model: road.model,
        stream_options: { include_usage: true },
      }),
    },
  };
}

/** What a provider need not know of whoever asks. */
const tellTales = ["x-request-id", "x-forwarded-proto", "x-forwarded-for", "user-agent"] as const;
/** What a client need not know of the account. */
const accountHeaders = [
  "set-cookie",
  "openai-organization",
  "openai-project",
  // Means something between the proxies alone.
  refusedHeader,
] as const;

function providerPath({ provider: { api }, model }: Road, operation: string): string {
  switch (api.kind) {
    case "openai":
      return `${api.basePath}${operation}`;
    case "azure-openai":
      return `/openai/deployments/${encodeURIComponent(model)}${operation}?api-version=${api.apiVersion}`;
    default:
      api satisfies never;
      throw new Error("unreachable");
  }
}
