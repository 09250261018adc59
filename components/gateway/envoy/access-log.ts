import { backendHeader } from "../names.ts";
import { factFormat, facts } from "./client-metadata.ts";
import { numberFormat } from "./spend.ts";
import { type NamedExtension, typed } from "./types.ts";

/**
 * One line of JSON for each request: who, where, how long and what it took; nothing of what was said, no key,
 * no query.
 * @param units expression of what a request cost, in units of `unitsPerUsd`
 */
export function accessLog(units: string): readonly NamedExtension[] {
  return [
    {
      name: "envoy.access_loggers.stdout",
      typed_config: typed("envoy.extensions.access_loggers.stream.v3.StdoutAccessLog", {
        log_format: { json_format: { ...fields, cost_units: numberFormat(units) } },
      }),
    },
  ];
}

const fields = {
  time: "%START_TIME%",
  class: factFormat(facts.class),
  team_hash: factFormat(facts.teamHash),
  method: "%REQ(:METHOD)%",
  route: "%ROUTE_NAME%",
  cluster: "%UPSTREAM_CLUSTER_RAW%",
  answered_by: `%RESP(${backendHeader})%`,
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
  // None where the answer states none.
  input_tokens: factFormat(facts.input),
  cached_tokens: factFormat(facts.cached),
  output_tokens: factFormat(facts.output),
  request_id: "%REQ(X-REQUEST-ID)%",
};
