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

/** Changes nothing by itself; a route may say what it should put in. */
export function modelRewriteByRoute(): HttpFilter {
  return { name: transformFilter, typed_config: typed(type, {}) };
}
