import type { Role } from "./options.ts";

/** Why a request gets no answer. */
export interface ApiError {
  readonly status: number;
  readonly message: string;
  readonly param: string | null;
  /** The provider's word for it; the engine sends its status instead. */
  readonly code: string | null;
}

export function apiError(
  status: number,
  message: string,
  param: string | null = null,
  code: string | null = null,
): ApiError {
  return { status, message, param, code };
}

/** As overflow of `--max-num-queued-reqs` is answered. */
export const queueFull = apiError(
  503,
  "The queue is full: --max-num-queued-reqs requests wait or run. Retry later or elsewhere.",
);

const engineTypes: Readonly<Record<number, string>> = {
  400: "BadRequestError",
  401: "AuthenticationError",
  404: "NotFoundError",
  405: "MethodNotAllowedError",
  413: "RequestEntityTooLargeError",
  429: "RateLimitError",
  500: "InternalServerError",
  503: "ServiceUnavailableError",
};
const providerTypes: Readonly<Record<number, string>> = {
  429: "rate_limit_error",
  500: "server_error",
  503: "server_error",
};

/** OpenAI's error body in the words of either side: both have the same four fields. */
export function errorBody(role: Role, { status, message, param, code }: ApiError): string {
  const error =
    role === "engine"
      ? { message, type: engineTypes[status] ?? "Error", param, code: status }
      : { message, type: providerTypes[status] ?? "invalid_request_error", param, code };
  return JSON.stringify({ error });
}
