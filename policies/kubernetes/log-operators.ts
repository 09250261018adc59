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
  // Which backend answered; the gateway of the product writes it.
  "x-private-llm-backend",
  "x-request-id",
]);

/** Names of what budgets need to know of a request, as metadata keys. */
const accounting =
  /(?:^|_)(?:tokens?|usage|model|class|cost|budget|tenant|team|consumer|backend|month)(?:_|$)|^(?:stream|content_type)$/i;

export function isAccounting(key: string): boolean {
  return accounting.test(key);
}

/** Whether a header says nothing of what a request says. */
export function namesEnvelope(header: string): boolean {
  return envelopeHeaders.has(header.trim().toLowerCase());
}

/** Whether an operator of Envoy's formats tells of a request's envelope alone. */
export function isEnvelope(operator: string, argument: string): boolean {
  if (/^(?:REQ|REQ_WITHOUT_QUERY|RESP|TRAILER)$/.test(operator)) {
    return argument.split("?").every(namesEnvelope);
  }
  if (/^(?:DYNAMIC_METADATA|METADATA|FILTER_STATE|CLUSTER_METADATA)$/.test(operator)) {
    return isAccounting(argument.split(":").at(-1) ?? "");
  }
  if (/^(?:TYPED_)?CEL$/.test(operator)) return isFigure(argument);
  return envelope.test(operator);
}

/** Attributes of the expression language that are figures or names of the configuration. */
const figures =
  /\b(?:request\.(?:size|total_size|duration)|response\.(?:size|total_size|code|flags)|xds\.cluster_name|upstream\.request_attempt_count)\b/g;

/**
 * Whether an expression computes with figures and accounting metadata alone. What is left when they, constants
 * and plain functions are taken away must be no name: an attribute nobody knows may be the body or a key.
 */
function isFigure(expression: string): boolean {
  const rest = expression
    .replaceAll(/'\w+' in metadata\.filter_metadata(?![.\w[])/g, " ")
    .replaceAll(/'[^'\\]*'/g, " ")
    .replaceAll(/\bmetadata\.filter_metadata\.\w+\.(\w+)\b/g, (whole, key: string) =>
      isAccounting(key) ? " " : whole,
    )
    .replaceAll(figures, " ")
    .replaceAll(/\b(?:has|int|uint|double)(?=\()|\.startsWith(?=\()/g, " ")
    .replaceAll(/\b\d+(?:\.\d+)?u?\b/g, " ");
  return /^[\s()+\-*/?:<>=!&|,]*$/.test(rest);
}
