import { factFormat, facts } from "./client-metadata.ts";
import { type Extension, type HttpFilter, typed } from "./types.ts";

export const transformFilter = "envoy.filters.http.transform";
const type = "envoy.extensions.filters.http.transform.v3.TransformConfig";

/** What is put into the body of a request; the rest stays. */
interface Additions {
  /** Name that the server knows. */
  readonly model: string;
  /** For a stream: it ends with its usage, without which nobody would know what it cost. */
  readonly stream_options?: { readonly include_usage: true };
}

export function modelTransform(additions: Additions): Extension {
  return typed(type, {
    request_transformation: {
      body_transformation: { body_format: { json_format: additions }, action: "MERGE" },
    },
  });
}

export function modelRewrite(model: string): HttpFilter {
  return { name: transformFilter, typed_config: modelTransform({ model }) };
}

/**
 * An engine reuses what it computed for a prompt only for requests of the same salt: without one, answer times tell
 * a team how another's prompts begin. The team is that of the key, and a client's own salt is overwritten.
 */
export function teamSalt(): HttpFilter {
  return {
    // Not the name by which routes name the model: what they say would replace this.
    name: "private-llm.team-salt",
    typed_config: typed(type, {
      request_transformation: {
        body_transformation: {
          body_format: { json_format: { cache_salt: factFormat(facts.team) } },
          action: "MERGE",
        },
      },
    }),
  };
}

/** Changes nothing by itself; a route may say what it should put in. */
export function modelRewriteByRoute(): HttpFilter {
  return { name: transformFilter, typed_config: typed(type, {}) };
}
