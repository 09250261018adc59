import { clientMetadata } from "./filters.ts";
import { type NamedExtension, typed } from "./types.ts";

/** One line of JSON for each request: who, where and how long; nothing of what was said, no key, no query. */
export function accessLog(): readonly NamedExtension[] {
  return [
    {
      name: "envoy.access_loggers.stdout",
      typed_config: typed("envoy.extensions.access_loggers.stream.v3.StdoutAccessLog", {
        log_format: { json_format: fields },
      }),
    },
  ];
}

const fields = {
  time: "%START_TIME%",
  class: `%DYNAMIC_METADATA(${clientMetadata}:class)%`,
  team_hash: `%DYNAMIC_METADATA(${clientMetadata}:team_hash)%`,
  method: "%REQ(:METHOD)%",
  route: "%ROUTE_NAME%",
  cluster: "%UPSTREAM_CLUSTER_RAW%",
  backend: "%UPSTREAM_HOST%",
  attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
  status: "%RESPONSE_CODE%",
  details: "%RESPONSE_CODE_DETAILS%",
  flags: "%RESPONSE_FLAGS%",
  request_bytes: "%BYTES_RECEIVED%",
  response_bytes: "%BYTES_SENT%",
  /** Milliseconds until the first byte of the answer, and until the last. */
  first_byte_ms: "%RESPONSE_DURATION%",
  duration_ms: "%DURATION%",
  request_id: "%REQ(X-REQUEST-ID)%",
};
