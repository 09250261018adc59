import { clientHeader, monthHeader } from "../names.ts";
import { type NamedExtension, typed } from "./types.ts";

/**
 * The calendar month in which a request begins, UTC, for a proxy that counts money: a filter takes it over, so no
 * server sees it. It is written here because Envoy can write a time into a header and into no metadata.
 */
export const monthOfRequest: object = {
  append: {
    header: { key: monthHeader, value: "%START_TIME(%Y-%m)%" },
    append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
  },
};

/**
 * Headers by which a client could say who it is, or steer the proxy. They go before anything reads them: the
 * proxy's own filters put them back with what they know.
 */
export const identityHeaders: readonly object[] = [prefix("x-private-llm-"), ...steering()];

/**
 * Every path that a gateway hands on takes JSON alone. Filters know it by exactly this name, and would leave a
 * body as it is that somebody calls by another one, or by this with a character set.
 */
const json: object = {
  append: {
    header: { key: "content-type", value: "application/json" },
    append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
  },
};

/** What happens to the headers of every client, before anything else. */
export const clientsHeaders: readonly object[] = [...identityHeaders, monthOfRequest, json];

/** The same where a proxy of the gateway is the client, which says by such a header what it may. */
export const betweenProxies: readonly object[] = [exact(clientHeader), ...steering()];

function steering(): readonly object[] {
  return [
    prefix("x-envoy-"),
    prefix("x-forwarded-"),
    prefix("openai-"),
    ...["forwarded", "x-real-ip", "x-original-url", "x-rewrite-url", "cookie", "via"].map(exact),
    ...["proxy-authorization", "api-key", "x-api-key", "x-request-id", "traceparent"].map(exact),
  ];
}

function prefix(start: string): object {
  return { remove_on_match: { key_matcher: { prefix: start } } };
}

function exact(name: string): object {
  return { remove: name };
}

/** Before routes are looked up for the first time, not only before the filters. */
export function early(mutations: readonly object[]): NamedExtension {
  return {
    name: "envoy.http.early_header_mutation.header_mutation",
    typed_config: typed(
      "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
      { mutations },
    ),
  };
}
