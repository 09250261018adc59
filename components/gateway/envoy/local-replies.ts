import { refusedHeader } from "../names.ts";
import { type ApiError, apiErrors, errorBody } from "./api-errors.ts";

/** Answers of the proxy itself in the form that clients expect; they name no address and no reason inside. */
export function localReplies(): object {
  return {
    mappers: [{ filter: flagged("RL"), ...reply(apiErrors.teamLimit) }, ...others],
  };
}

/** The same at the way out: what the budget refuses is marked, so that the open gateway asks a model inside. */
export function wayOutReplies(): object {
  const marked = (error: ApiError) => ({
    ...reply(error),
    headers_to_add: [
      {
        header: { key: refusedHeader, value: error.code },
        append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
      },
    ],
  });
  return {
    mappers: [
      { filter: flagged("RL"), ...marked(apiErrors.budgetSpent) },
      { filter: flagged("RLSE"), ...marked(apiErrors.uncounted) },
      ...others,
    ],
  };
}

const others: readonly object[] = [
  mapper(401, apiErrors.noKey),
  // What the list of paths refuses was never there.
  mapper(403, apiErrors.notFound),
  mapper(408, apiErrors.timeout),
  mapper(413, apiErrors.tooLarge),
  mapper(431, apiErrors.headersTooLarge),
  mapper(502, apiErrors.unavailable),
  mapper(503, apiErrors.unavailable),
  mapper(504, apiErrors.late),
  // A request that is no HTTP; answers of routes with this status bring a text of their own.
  { filter: flagged("DPE"), ...reply(apiErrors.badRequest) },
];

function flagged(flag: string): object {
  return { response_flag_filter: { flags: [flag] } };
}

/** Every answer of the proxy itself as one status, where a server's own have to be told apart. */
export function onlyStatus(status: number): object {
  return { mappers: [{ filter: statusFilter("GE", 400), status_code: status }] };
}

function mapper(from: number, error: ApiError): object {
  return { filter: statusFilter("EQ", from), ...reply(error) };
}

function statusFilter(op: "EQ" | "GE", status: number): object {
  // Envoy demands a name by which its runtime could change the value; none is ever set.
  const value = { default_value: status, runtime_key: "unused" };
  return { status_code_filter: { comparison: { op, value } } };
}

function reply(error: ApiError): object {
  return {
    status_code: error.status,
    body_format_override: { json_format: errorBody(error), content_type: "application/json" },
  };
}
