import { clientMetadata, type Fact, facts } from "./client-metadata.ts";
import { type HttpFilter, typed } from "./types.ts";

/** Largest event of a stream that is read, bytes; the one with the usage is small, and the rest is not looked at. */
const mostEventBytes = 65_536;

/** Where the OpenAI API says how many tokens a request took. */
const places: readonly (readonly [Fact, readonly string[]])[] = [
  [facts.input, ["usage", "prompt_tokens"]],
  [facts.cached, ["usage", "prompt_tokens_details", "cached_tokens"]],
  [facts.output, ["usage", "completion_tokens"]],
];

/** JSON, whatever else the content type says; a character set behind it is common. */
const json = { regex: "(?i)application/json *(;.*)?" };

/**
 * Reads the tokens of an answer, whole or as a stream, for log, metrics and limits. Envoy marks the reader of
 * streams as unfinished and not covered by its threat model (1.40); `spend.ts` says what counts without it.
 */
export function usageReaders(): readonly HttpFilter[] {
  return [
    {
      name: "envoy.filters.http.json_to_metadata",
      typed_config: typed("envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata", {
        response_rules: { rules: usageRules, allow_content_types_regex: json },
      }),
    },
    {
      name: "envoy.filters.http.sse_to_metadata",
      typed_config: typed("envoy.extensions.filters.http.sse_to_metadata.v3.SseToMetadata", {
        response_rules: {
          max_event_size: mostEventBytes,
          content_parser: {
            name: "envoy.content_parsers.json",
            typed_config: typed("envoy.extensions.content_parsers.json.v3.JsonContentParser", {
              rules: usageRules.map((rule) => ({ rule })),
            }),
          },
        },
      }),
    },
  ];
}

const usageRules = places.map(([fact, path]) => noting(fact, path, "NUMBER"));

/** Whether a request wants a stream. */
export function streamReader(): HttpFilter {
  return requestReader([noting(facts.stream, ["stream"], "PROTOBUF_VALUE")]);
}

/** How long an answer a request asks for. */
export function wishReader(): HttpFilter {
  return requestReader(
    [facts.maxTokens, facts.maxCompletionTokens].map((fact) => noting(fact, [fact], "NUMBER")),
  );
}

function requestReader(rules: readonly object[]): HttpFilter {
  return {
    name: "envoy.filters.http.json_to_metadata",
    typed_config: typed("envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata", {
      request_rules: { rules, allow_content_types: ["application/json"] },
    }),
  };
}

function noting(key: Fact, path: readonly string[], type: "NUMBER" | "PROTOBUF_VALUE") {
  return {
    selectors: path.map((each) => ({ key: each })),
    on_present: { metadata_namespace: clientMetadata, key, type },
  };
}
