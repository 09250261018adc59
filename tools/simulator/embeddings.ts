import { type ApiError, apiError } from "./api-error.ts";
import { servedModel } from "./generation-request.ts";
import type { SimulatorOptions } from "./options.ts";
import { generator, hash } from "./random.ts";
import { countTokens } from "./tokens.ts";
import type { JsonObject } from "./values.ts";

const usualDimensions = 64;
const mostDimensions = 4096;

export type Embedded =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly error: ApiError };

/** Vectors that depend on the text and on nothing else; their distances mean nothing. */
export function embed(body: JsonObject, options: SimulatorOptions, deployment?: string): Embedded {
  const model = servedModel(deployment ?? body["model"], options);
  if (!model.ok) return model;
  const texts = inputs(body["input"]);
  if (texts === undefined)
    return bad("input", "send a text, or a list of texts that are not empty");
  const dimensions = body["dimensions"] ?? usualDimensions;
  if (!(typeof dimensions === "number" && dimensions >= 1 && dimensions <= mostDimensions))
    return bad("dimensions", `send a whole number from 1 to ${mostDimensions}`);
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const data = texts.map((text, index) => ({
    object: "embedding",
    index,
    embedding: encoded(vector(text, Math.floor(dimensions)), body["encoding_format"]),
  }));
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { ok: true, body: JSON.stringify({ object: "list", data, model: model.value, usage }) };
}

function inputs(input: unknown): readonly string[] | undefined {
  const all: readonly unknown[] = Array.isArray(input) ? input : [input];
  const texts = all.filter((text): text is string => typeof text === "string" && text !== "");
  return texts.length > 0 && texts.length === all.length ? texts : undefined;
}

function vector(text: string, dimensions: number): Float32Array {
  const random = generator(hash(text), 0);
  const values = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

function encoded(values: Float32Array, format: unknown): string | number[] {
  return format === "base64" ? Buffer.from(values.buffer).toString("base64") : [...values];
}

function bad(param: string, remedy: string): Embedded {
  return { ok: false, error: apiError(400, `${param} is missing or wrong; ${remedy}`, param) };
}
