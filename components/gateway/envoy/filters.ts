import { enginePaths } from "../../lib/engine-paths.ts";
import { backendHeader, clientHeader, monthHeader } from "../names.ts";
import { clientMetadata, factFormat, facts } from "./client-metadata.ts";
import { apiKeyAuthType, keysResourceName } from "./keys.ts";
import { mostRequestBytes } from "./limits.ts";
import { fileSource } from "./sources.ts";
import { type HttpFilter, typed } from "./types.ts";

/** Lets pass the paths of an engine that a gateway hands on, whatever the routes say. */
export function pathList(): HttpFilter {
  const rules = enginePaths.map((path) => ({
    and_rules: {
      rules: [
        { url_path: { path: { exact: path } } },
        {
          header: {
            name: ":method",
            string_match: { exact: path === "/v1/models" ? "GET" : "POST" },
          },
        },
      ],
    },
  }));
  return {
    name: "envoy.filters.http.rbac",
    typed_config: typed("envoy.extensions.filters.http.rbac.v3.RBAC", {
      rules: {
        action: "ALLOW",
        policies: { "engine-paths": { permissions: rules, principals: [{ any: true }] } },
      },
    }),
  };
}

/** Who the client is, by a key in a watched file; a request without one ends here. */
export function keyCheck(file: string): HttpFilter {
  return {
    name: keysResourceName,
    config_discovery: {
      config_source: fileSource(file),
      type_urls: [`type.googleapis.com/${apiKeyAuthType}`],
    },
  };
}

/** Who asked and in which month, for log, metrics and limits. */
export function clientFacts(): HttpFilter {
  const part = (key: string, regex: string) => ({
    header: clientHeader,
    on_header_present: {
      ...fact(key),
      regex_value_rewrite: { pattern: { regex }, substitution: String.raw`\1` },
    },
    remove: false,
  });
  return headerFacts([
    part(facts.class, "^([^/]+)/.*$"),
    part(facts.team, "^[^/]+/([^/]+)/.*$"),
    part(facts.teamHash, "^.*/([^/]+)$"),
    month,
  ]);
}

/** The same where a proxy of the gateway is the client. */
export function monthFact(): HttpFilter {
  return headerFacts([month]);
}

const month = { header: monthHeader, on_header_present: fact(facts.month), remove: true };

function fact(key: string) {
  return { metadata_namespace: clientMetadata, key, type: "STRING" } as const;
}

function headerFacts(request_rules: readonly object[]): HttpFilter {
  return {
    name: "envoy.filters.http.header_to_metadata",
    typed_config: typed("envoy.extensions.filters.http.header_to_metadata.v3.Config", {
      request_rules,
      response_rules: [
        { header: backendHeader, on_header_present: fact(facts.backend), remove: false },
        { header: "content-type", on_header_present: fact(facts.type), remove: false },
      ],
    }),
  };
}

/**
 * The route is looked up anew, now that the client is known; what was found before a key was read is worth nothing.
 * No filter above does that by itself.
 */
export function routeByClient(): HttpFilter {
  return routeAnew(`${clientMetadata}.client`, `%REQ(${clientHeader})%`);
}

/** The same once it is known whether the client wants a stream. */
export function routeByStream(): HttpFilter {
  return routeAnew(`${clientMetadata}.stream`, factFormat(facts.stream));
}

/** The same once it is known how long an answer the client wants. */
export function routeByWish(): HttpFilter {
  return routeAnew(`${clientMetadata}.wish`, factFormat(facts.maxTokens));
}

function routeAnew(object_key: string, inline_string: string): HttpFilter {
  return {
    name: "envoy.filters.http.set_filter_state",
    typed_config: typed("envoy.extensions.filters.http.set_filter_state.v3.Config", {
      on_request_headers: [
        {
          object_key,
          factory_key: "envoy.string",
          format_string: { text_format_source: { inline_string } },
        },
      ],
      clear_route_cache: true,
    }),
  };
}

/** Holds a request until it is complete: slow clients occupy no engine, and a lost attempt can be repeated. */
export function wholeRequest(): HttpFilter {
  return {
    name: "envoy.filters.http.buffer",
    typed_config: typed("envoy.extensions.filters.http.buffer.v3.Buffer", {
      max_request_bytes: mostRequestBytes,
    }),
  };
}
