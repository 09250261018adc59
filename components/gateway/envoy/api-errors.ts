import type { DirectResponse } from "./types.ts";

/** Errors in the form of the OpenAI API, which clients of it can show. */
export interface ApiError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
}

export const apiErrors = {
  unknownClass: {
    status: 400,
    message: "This key belongs to no task class of this gateway; ask whoever issued it.",
    type: "invalid_request_error",
    code: "unknown_task_class",
  },
  badRequest: {
    status: 400,
    message: "This is no request that the gateway understands.",
    type: "invalid_request_error",
    code: "bad_request",
  },
  noKey: {
    status: 401,
    message: "The API key is missing or wrong; send it as Authorization: Bearer KEY.",
    type: "invalid_request_error",
    code: "invalid_api_key",
  },
  notFound: {
    status: 404,
    message: "The gateway serves no such path with this method.",
    type: "invalid_request_error",
    code: "not_found",
  },
  timeout: {
    status: 408,
    message: "The request did not arrive in time; send it faster, or in parts.",
    type: "invalid_request_error",
    code: "request_timeout",
  },
  tooLarge: {
    status: 413,
    message: "The request has more than 8 MiB; send less.",
    type: "invalid_request_error",
    code: "request_too_large",
  },
  headersTooLarge: {
    status: 431,
    message: "The headers of the request are too large; send fewer or shorter ones.",
    type: "invalid_request_error",
    code: "headers_too_large",
  },
  teamLimit: {
    status: 429,
    message:
      "Your team has reached a limit: its requests or tokens of this minute, or its budget of this month (UTC).",
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
  },
  budgetSpent: {
    status: 429,
    message:
      "The budget for requests to providers is spent for this month (UTC), and no model inside can answer for this task class.",
    type: "insufficient_quota",
    code: "insufficient_quota",
  },
  uncounted: {
    status: 503,
    message:
      "Requests to providers cannot be counted now, so none goes out, and no model inside can answer for this task class.",
    type: "server_error",
    code: "no_backend_available",
  },
  unavailable: {
    status: 503,
    message: "No model server for this task class can answer now; try again later.",
    type: "server_error",
    code: "no_backend_available",
  },
  late: {
    status: 504,
    message: "The model server did not answer in time; try again later.",
    type: "server_error",
    code: "backend_timeout",
  },
} as const satisfies Readonly<Record<string, ApiError>>;

/** Refuses a request for more than its class allows. */
export function tooLongAnswer(taskClass: string, mostTokens: number): ApiError {
  return {
    status: 400,
    message: `Task class ${taskClass} allows answers of up to ${mostTokens} tokens; ask for no more by max_tokens.`,
    type: "invalid_request_error",
    code: "max_tokens_exceeded",
  };
}

export function errorBody({ message, type, code }: ApiError): object {
  return { error: { message, type, param: null, code } };
}

/** An answer that the proxy gives by itself. */
export function answerWith(error: ApiError): DirectResponse {
  return { status: error.status, body: { inline_string: JSON.stringify(errorBody(error)) } };
}
