import { stringify } from "yaml";
import type { Resource } from "../../../policies/model/resource.ts";
import type { Value, ValueObject } from "../../../policies/model/value.ts";
import { kube, replaceAt } from "../good-graph.ts";
import { added, type Mutant } from "./mutant.ts";

const types = "type.googleapis.com/envoy.extensions";

const tls = {
  name: "envoy.transport_sockets.tls",
  typed_config: {
    "@type": `${types}.transport_sockets.tls.v3.DownstreamTlsContext`,
    common_tls_context: { tls_certificate_sds_secret_configs: [{ name: "server" }] },
  },
};

const manager = {
  "@type": `${types}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
  stat_prefix: "ingress",
  access_log: [
    {
      name: "envoy.access_loggers.stdout",
      typed_config: {
        "@type": `${types}.access_loggers.stream.v3.StdoutAccessLog`,
        log_format: {
          json_format: {
            time: "%START_TIME%",
            path: "%REQ(:PATH)%",
            code: "%RESPONSE_CODE%",
            tokens: "%DYNAMIC_METADATA(usage:prompt_tokens)%",
          },
        },
      },
    },
  ],
  http_filters: [
    {
      name: "envoy.filters.http.jwt_authn",
      typed_config: { rules: [{ match: { prefix: "/" }, requires: { provider_name: "p" } }] },
    },
    {
      name: "envoy.filters.http.lua",
      typed_config: { default_source_code: { inline_string: 'body["cache_salt"] = tenant' } },
    },
    {
      name: "envoy.filters.http.json_to_metadata",
      typed_config: {
        response_rules: { rules: [{ selectors: [{ key: "usage" }, { key: "total_tokens" }] }] },
      },
    },
    { name: "envoy.filters.http.router" },
  ],
  route_config: {
    virtual_hosts: [
      {
        name: "all",
        domains: ["*"],
        routes: [
          { match: { path: "/v1/chat/completions" }, route: { cluster: "llama" } },
          { match: { prefix: "/" }, direct_response: { status: 404 } },
        ],
      },
    ],
  },
};

/** A gateway's configuration that no rule of the application family objects to. */
export const goodEnvoy: ValueObject = {
  static_resources: {
    listeners: [
      {
        name: "https",
        address: { socket_address: { address: "0.0.0.0", port_value: 8443 } },
        filter_chains: [
          {
            transport_socket: tls,
            filters: [
              { name: "envoy.filters.network.http_connection_manager", typed_config: manager },
            ],
          },
        ],
      },
    ],
    clusters: [
      {
        name: "llama",
        load_assignment: {
          endpoints: [
            {
              lb_endpoints: [
                {
                  endpoint: {
                    address: {
                      socket_address: { address: "llama.inference.svc", port_value: 8000 },
                    },
                  },
                },
              ],
            },
          ],
        },
      },
    ],
  },
};

/** Where the connection manager stands in it. */
export const managerSteps = [
  "static_resources",
  "listeners",
  0,
  "filter_chains",
  0,
  "filters",
  0,
  "typed_config",
] as const;

export const managerPath =
  'data["envoy.yaml"].static_resources.listeners[0].filter_chains[0].filters[0].typed_config';

export function envoyMap(document: Value): Resource {
  return kube("core/v1:ConfigMap", "envoy", "gateway", {
    data: { "envoy.yaml": stringify(document) },
  });
}

/** A change of the gateway's configuration. */
export function envoyMutant(
  rule: string,
  title: string,
  steps: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
): Mutant {
  const document = replaceAt(goodEnvoy, steps, value);
  return added(rule, title, envoyMap(document), "ConfigMap gateway/envoy", reported);
}

/** A text in a ConfigMap of the gateway. */
export function textMutant(rule: string, title: string, name: string, text: string): Mutant {
  const object = kube("core/v1:ConfigMap", "proxy", "gateway", { data: { [name]: text } });
  return added(rule, title, object, "ConfigMap gateway/proxy", `data["${name}"]`);
}
