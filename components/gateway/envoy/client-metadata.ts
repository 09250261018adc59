/** Metadata of a request in which a proxy keeps what log, metrics and limits read. */
export const clientMetadata = "private_llm";

/** Its entries. */
export const facts = {
  class: "class",
  team: "team",
  teamHash: "team_hash",
  /** Calendar month in UTC in which the request began, such as `2026-11`. */
  month: "month",
  /** Cluster whose server answered. */
  backend: "backend",
  /** Content type of the answer. */
  type: "content_type",
  /** Longest answer that the client asks for, by the API's older and by its newer name. */
  maxTokens: "max_tokens",
  maxCompletionTokens: "max_completion_tokens",
  /** Whether the client wants a stream. */
  stream: "stream",
  /** Tokens of the prompt, of those the ones from a cache, and of the answer. */
  input: "input_tokens",
  cached: "cached_tokens",
  output: "output_tokens",
} as const;

export type Fact = (typeof facts)[keyof typeof facts];

/** A fact as Envoy's formats name it. */
export function factFormat(fact: Fact): string {
  return `%DYNAMIC_METADATA(${clientMetadata}:${fact})%`;
}

/** What a route matches on: a fact with such a value. */
export function factMatch(fact: Fact, value: object): object {
  return { filter: clientMetadata, path: [{ key: fact }], value };
}
