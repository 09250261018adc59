import { all, at, child, children, type Json, managers, text } from "./json.ts";
import type { Safety } from "./safety.ts";

const strict: Readonly<Record<string, unknown>> = {
  normalize_path: true,
  merge_slashes: true,
  path_with_escaped_slashes_action: "REJECT_REQUEST",
  use_remote_address: false,
  "common_http_protocol_options.headers_with_underscores_action": "REJECT_REQUEST",
  "common_http_protocol_options.max_headers_count": 100,
  max_request_headers_kb: 32,
  "http_protocol_options.allow_absolute_url": false,
  request_headers_timeout: "10s",
  request_timeout: "60s",
};

export const moreSafeties: readonly Safety[] = [
  {
    title: "every listener reads requests in the same strict way",
    faults: (proxies) =>
      Object.values(proxies)
        .flatMap(managers)
        .flatMap((manager) =>
          Object.entries(strict)
            .filter(([path, value]) => at(manager, path) !== value)
            .map(([path]) => `${String(manager["stat_prefix"])}: ${path}`),
        ),
    mutants: {
      "slashes in disguise": ({ open }) => {
        for (const each of managers(open)) {
          each["path_with_escaped_slashes_action"] = "UNESCAPE_AND_FORWARD";
        }
      },
      "names with underscores": ({ closed }) => {
        for (const each of managers(closed)) delete each["common_http_protocol_options"];
      },
    },
  },
  {
    title: "keys come out of files, by no configuration and no environment",
    faults: (proxies) =>
      text(proxies).match(/inline_bytes|environment_variable|generic_secret|"credentials"/g) ?? [],
    mutants: {
      "a key in plain": ({ closed }) => {
        closed["secrets"] = [{ generic_secret: { secret: { inline_string: "key" } } }];
      },
      "a client's key in plain": ({ open }) => {
        for (const each of managers(open)) each["http_filters"] = [{ credentials: [{ key: "k" }] }];
      },
    },
  },
  {
    title: "a request without its injected key goes nowhere",
    faults: (proxies) => text(proxies).match(/allow_request_without_credential/g) ?? [],
    mutants: {
      "goes without": ({ open }) => {
        for (const each of all(open, "typed_config"))
          each["allow_request_without_credential"] = true;
      },
    },
  },
  {
    title: "log and metrics hold the envelope alone",
    faults: (proxies) =>
      Object.values(proxies).flatMap((proxy) => {
        const formats = text([all(proxy, "json_format"), metricLogs(proxy)]);
        const read = formats.match(
          /%(?:REQ|REQ_WITHOUT_QUERY|RESP|TRAILER|PATH|QUERY_PARAMS?|CEL|LOCAL_REPLY_BODY)\b[^%]*%/g,
        );
        const computed = formats.match(/%TYPED_CEL\([^%]*%/g) ?? [];
        return [
          ...(read ?? []).filter(
            (operator) =>
              !/^%(REQ\((:METHOD|X-REQUEST-ID)|RESP\(x-private-llm-backend)\)%$/.test(operator),
          ),
          ...computed.filter((operator) => /[a-z_.]+\.[a-z_.]*/g.test(withoutFigures(operator))),
        ];
      }),
    mutants: {
      "the key": ({ open }) => {
        for (const each of all(open, "json_format")) each["key"] = "%REQ(AUTHORIZATION)%";
      },
      "the query": ({ closed }) => {
        for (const each of all(closed, "json_format")) each["path"] = "%REQ(:PATH)%";
      },
      "a header, by an expression": ({ egress }) => {
        for (const each of all(egress, "json_format")) {
          each["cost_units"] = "%TYPED_CEL(size(request.headers['authorization']))%";
        }
      },
      "who asks, as a metric": ({ open }) => {
        for (const each of metricLogs(open)) {
          each["counters"] = [{ stat: { name: "x", tags: [{ value_format: "%REQ(x)%" }] } }];
        }
      },
    },
  },
  {
    title: "clients speak TLS 1.2 at least",
    faults: ({ open, closed }) =>
      [open, closed].flatMap((proxy) => {
        const clients = child(proxy, "static_resources.listeners", "clients");
        return children(clients, "filter_chains")
          .map((chain) => at(chain, "transport_socket.typed_config.common_tls_context.tls_params"))
          .filter((params) => at(params, "tls_minimum_protocol_version") !== "TLSv1_2")
          .map(() => "no TLS, or an old one");
      }),
    mutants: {
      "no TLS": ({ open }) => {
        for (const each of children(
          child(open, "static_resources.listeners", "clients"),
          "filter_chains",
        )) {
          delete each["transport_socket"];
        }
      },
    },
  },
  {
    title: "a provider proves its name, whichever way it is reached",
    faults: ({ egress }) =>
      children(egress, "static_resources.clusters")
        .filter(({ name }) => name !== "admin")
        .filter((cluster) => {
          const tls = text(cluster["transport_socket"]);
          const host = /"sni":"([^"]+)"/.exec(tls)?.[1];
          return (
            host === undefined ||
            !tls.includes(
              `"match_typed_subject_alt_names":[{"san_type":"DNS","matcher":{"exact":"${host}"}}]`,
            ) ||
            !tls.includes('"trusted_ca":{"filename":"/etc/ssl/certs/ca-certificates.crt"}')
          );
        })
        .map(({ name }) => String(name)),
    mutants: {
      "any certificate": ({ egress }) => {
        for (const each of all(egress, "common_tls_context")) delete each["validation_context"];
      },
      "any name": ({ egress }) => {
        for (const each of all(egress, "validation_context")) {
          delete each["match_typed_subject_alt_names"];
        }
      },
      "no TLS": ({ egress }) => {
        delete child(egress, "static_resources.clusters", "provider-azure")["transport_socket"];
      },
    },
  },
  {
    title: "metrics hand on readiness and metrics, and nothing else of the admin interface",
    faults: (proxies) =>
      Object.values(proxies).flatMap((proxy) => {
        const routes = children(proxy, "static_resources.listeners")
          .filter(({ name }) => name === "metrics")
          .flatMap((listener) => all(listener, "match"))
          .map(text);
        const elsewhere = children(proxy, "static_resources.listeners")
          .filter(({ name }) => name !== "metrics")
          .filter((listener) => text(listener).includes('"cluster":"admin"'))
          .map(({ name }) => String(name));
        const method = '"headers":[{"name":":method","string_match":{"exact":"GET"}}]';
        const wanted = [
          `{"path":"/ready",${method}}`,
          `{"path":"/stats/prometheus",${method}}`,
          '{"prefix":"/"}',
        ];
        return text(routes) === text(wanted) ? elsewhere : [...elsewhere, text(routes)];
      }),
    mutants: {
      "any method": ({ egress }) => {
        for (const each of all(child(egress, "static_resources.listeners", "metrics"), "match")) {
          delete each["headers"];
        }
      },
    },
  },
];

function metricLogs(proxy: Json): Json[] {
  return all(proxy, "typed_config").filter(({ "@type": type }) =>
    String(type).endsWith(".access_loggers.stats.v3.Config"),
  );
}

/** What an expression may use: figures of the request, and the facts that filters noted. */
function withoutFigures(expression: string): string {
  return expression.replace(
    /metadata\.filter_metadata(\.private_llm\.[a-z_]+)?|re(quest|sponse)\.size|response\.code|xds\.cluster_name|upstream\.request_attempt_count|\.startsWith/g,
    "",
  );
}
