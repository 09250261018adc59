import { elements, type Field, get, textOf } from "../model/field.ts";
import { objectsBelow, textsBelow } from "./config-texts.ts";
import { connectionManagers, envoyField, extensionName, holding } from "./envoy.ts";

/** A place that writes more of a request than its envelope, and why. */
export interface ContentLog {
  readonly field: Field;
  readonly problem: string;
}

/** Operators of Envoy's access log that say when, where and how long, and nothing of what was said. */
const envelope =
  /^(?:START_TIME|EMIT_TIME|REQUEST_DURATION|REQUEST_TX_DURATION|RESPONSE_DURATION|RESPONSE_TX_DURATION|ROUNDTRIP_DURATION|COMMON_DURATION|DURATION|PROTOCOL|UPSTREAM_PROTOCOL|RESPONSE_CODE|RESPONSE_CODE_DETAILS|RESPONSE_FLAGS|RESPONSE_FLAGS_LONG|CONNECTION_TERMINATION_DETAILS|BYTES_\w+|DOWNSTREAM_\w*BYTES_\w+|UPSTREAM_\w*BYTES_\w+|UPSTREAM_HOST|UPSTREAM_HOST_NAME|UPSTREAM_CLUSTER|UPSTREAM_CLUSTER_RAW|UPSTREAM_LOCAL_ADDRESS\w*|UPSTREAM_REMOTE_ADDRESS\w*|UPSTREAM_REQUEST_ATTEMPT_COUNT|UPSTREAM_TRANSPORT_FAILURE_REASON|UPSTREAM_TLS_\w+|DOWNSTREAM_LOCAL_\w+|DOWNSTREAM_REMOTE_ADDRESS\w*|DOWNSTREAM_REMOTE_PORT|DOWNSTREAM_DIRECT_REMOTE_ADDRESS\w*|DOWNSTREAM_TLS_\w+|DOWNSTREAM_PEER_SUBJECT|REQUESTED_SERVER_NAME|ROUTE_NAME|VIRTUAL_CLUSTER_NAME|CONNECTION_ID|UPSTREAM_CONNECTION_ID|STREAM_ID|UNIQUE_ID|HOSTNAME|GRPC_STATUS\w*|TRACE_ID|METHOD|PROTOCOL)$/;

/** Headers that name a request without quoting it; paths carry no prompt, and no key where clients send keys in headers. */
const envelopeHeaders = new Set([
  ":authority",
  ":method",
  ":path",
  ":scheme",
  ":status",
  "content-length",
  "content-type",
  "user-agent",
  "x-envoy-attempt-count",
  "x-envoy-original-path",
  "x-envoy-upstream-service-time",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-request-id",
]);

/** Names of what budgets need to know of a request, as metadata keys. */
const accounting = /(?:^|_)(?:tokens?|usage|model|class|cost|budget|tenant|team|consumer)(?:_|$)/i;

/** What the access logs, taps, scripts and metadata filters of an Envoy document write down. */
export function envoyContentLogs(document: Field): readonly ContentLog[] {
  return [
    ...holding(document, "access_log").flatMap((each) =>
      accessLogs(envoyField(each, "access_log")),
    ),
    ...filters(document).flatMap(filterLogs),
    ...holding(document, "custom_tags").flatMap((each) =>
      elements(envoyField(each, "custom_tags"))
        .map((tag) => get(envoyField(tag, "request_header"), "name"))
        .filter((name) => name.value !== undefined && !isEnvelopeHeader(name))
        .map((field) => ({ field, problem: "puts a header into spans that may hold a key" })),
    ),
    ...holding(document, "tap_config").map((field) => ({
      field: envoyField(field, "tap_config"),
      problem: "copies requests and answers out of the proxy",
    })),
  ];
}

/** What a format of an access log writes down, in whichever shape it stands. */
export function formatLogs(format: Field): readonly ContentLog[] {
  return [...textsBelow(format)].flatMap((field) => textLogs(field));
}

function accessLogs(list: Field): readonly ContentLog[] {
  return elements(list).flatMap((log) => [
    ...(/wasm|dynamic_module/i.test(extensionName(log))
      ? [{ field: log, problem: "is code that may write what it reads" }]
      : []),
    ...holding(log, "text_format_source")
      .map((each) => get(envoyField(each, "text_format_source"), "filename"))
      .filter(({ value }) => value !== undefined)
      .map((field) => ({
        field,
        problem: "takes its format from a file that is not in this object",
      })),
    ...formatLogs(log),
    ...[...objectsBelow(log)].flatMap((each) =>
      Object.keys(each.value ?? {})
        .filter((key) =>
          /^additional_?(?:request|response)_?(?:headers|trailers)_?to_?log$/i.test(key),
        )
        .flatMap((key) => elements(get(each, key)))
        .filter((name) => !isEnvelopeHeader(name))
        .map((field) => ({ field, problem: "writes a header that may hold a key or a prompt" })),
    ),
  ]);
}

function isEnvelopeHeader(name: Field): boolean {
  return envelopeHeaders.has((textOf(name) ?? "").toLowerCase());
}

function textLogs(field: Field): readonly ContentLog[] {
  const text = textOf(field) ?? "";
  return [...text.matchAll(/%([A-Z_]+)(?:\(([^%]*)\))?(?::\d+)?%/g)]
    .filter(([, operator = "", argument]) => !isEnvelope(operator, argument))
    .map(([, operator = ""]) => ({
      field,
      problem: `writes %${operator}%, which may hold a key or a prompt`,
    }));
}

function isEnvelope(operator: string, argument: string | undefined): boolean {
  if (/^(?:REQ|REQ_WITHOUT_QUERY|RESP|TRAILER)$/.test(operator)) {
    const headers = (argument ?? "").toLowerCase().split("?");
    return headers.every((header) => envelopeHeaders.has(header.trim()));
  }
  if (/^(?:DYNAMIC_METADATA|METADATA|FILTER_STATE|CLUSTER_METADATA)$/.test(operator)) {
    return accounting.test((argument ?? "").split(":").at(-1) ?? "");
  }
  return envelope.test(operator);
}

function filters(document: Field): readonly Field[] {
  return connectionManagers(document).flatMap((manager) =>
    elements(envoyField(manager, "http_filters")),
  );
}

function filterLogs(filter: Field): readonly ContentLog[] {
  const name = extensionName(filter);
  const config = envoyField(filter, "typed_config");
  if (/tap/i.test(name))
    return [{ field: filter, problem: "copies requests and answers out of the proxy" }];
  if (/wasm|golang|dynamic_module/i.test(name)) {
    return [{ field: filter, problem: "is code that may write what it reads" }];
  }
  if (/lua/i.test(name)) return luaLogs(config);
  if (/to_metadata|ToMetadata/.test(name)) return metadataLogs(config);
  return [];
}

/** Calls by which a script of a proxy writes or sends what it reads. */
const luaOutput =
  /:log(?:Trace|Debug|Info|Warn|Err|Critical)\s*\(|\bprint\s*\(|\b(?:io|os)\.|:httpCall\s*\(/;

export function luaLogs(config: Field): readonly ContentLog[] {
  return [...textsBelow(config)]
    .filter((field) => luaOutput.test(textOf(field) ?? ""))
    .map((field) => ({ field, problem: "is a script that writes or sends what it reads" }));
}

/** What is taken out of a body for the log must be a count or a name, never a message. */
function metadataLogs(config: Field): readonly ContentLog[] {
  return holding(config, "selectors").flatMap((rule) => {
    const last = elements(envoyField(rule, "selectors")).at(-1);
    if (last === undefined || accounting.test(textOf(get(last, "key")) ?? "")) return [];
    return [
      { field: last, problem: "takes a part of the body that is neither a count nor a name" },
    ];
  });
}
