import { enginePaths } from "../../lib/engine-paths.ts";
import { clientHeader } from "../names.ts";
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

/** Metadata of a request that access log and budgets read. */
export const clientMetadata = "private_llm";

/** Class and team for log and budgets; and the routes are looked up anew, now that the client is known. */
export function clientFacts(): HttpFilter {
  const part = (key: string, regex: string) => ({
    header: clientHeader,
    on_header_present: {
      metadata_namespace: clientMetadata,
      key,
      type: "STRING",
      regex_value_rewrite: { pattern: { regex }, substitution: String.raw`\1` },
    },
    remove: false,
  });
  return {
    name: "envoy.filters.http.header_to_metadata",
    typed_config: typed("envoy.extensions.filters.http.header_to_metadata.v3.Config", {
      request_rules: [part("class", "^([^/]+)/.*$"), part("team_hash", "^.*/([^/]+)$")],
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

/** Puts another name into the `model` field of a request; the rest of the body stays. */
export function modelRewrite(model: string): HttpFilter {
  return {
    name: "envoy.filters.http.transform",
    typed_config: typed("envoy.extensions.filters.http.transform.v3.TransformConfig", {
      request_transformation: {
        body_transformation: { body_format: { json_format: { model } }, action: "MERGE" },
      },
    }),
  };
}
