import { type Extension, type HttpFilter, typed } from "./types.ts";

export const transformFilter = "envoy.filters.http.transform";
const type = "envoy.extensions.filters.http.transform.v3.TransformConfig";

/** Puts another name into the `model` field of a request; the rest of the body stays. */
export function modelTransform(model: string): Extension {
  return typed(type, {
    request_transformation: {
      body_transformation: { body_format: { json_format: { model } }, action: "MERGE" },
    },
  });
}

export function modelRewrite(model: string): HttpFilter {
  return { name: transformFilter, typed_config: modelTransform(model) };
}

/** Changes nothing by itself; a route may say what it should put in. */
export function modelRewriteByRoute(): HttpFilter {
  return { name: transformFilter, typed_config: typed(type, {}) };
}
