import type { SimulatorOptions } from "./options.ts";
import { countTokens, pieces } from "./tokens.ts";
import type { JsonObject } from "./values.ts";

/** The version whose behaviour is played. */
export const engineVersion = "0.33.0";

export function versionPage(): string {
  return JSON.stringify({ version: engineVersion });
}

export function modelsPage(options: SimulatorOptions, created: number): string {
  const data = options.models.map((id) => model(id, options, created));
  return JSON.stringify({ object: "list", data });
}

/** Undefined where it is not served. */
export function modelPage(
  id: string | undefined,
  options: SimulatorOptions,
  created: number,
): string | undefined {
  if (id === undefined || !options.models.includes(id)) return undefined;
  return JSON.stringify(model(id, options, created));
}

function model(id: string, { role, contextTokens }: SimulatorOptions, created: number) {
  const common = { id, object: "model", created };
  if (role === "provider") return { ...common, owned_by: "simulator" };
  return { ...common, owned_by: "vllm", root: id, parent: null, max_model_len: contextTokens };
}

/** Ids are positions: there is no vocabulary behind them. */
export function tokenizePage(body: JsonObject, { contextTokens }: SimulatorOptions): string {
  const text =
    typeof body["prompt"] === "string" ? body["prompt"] : JSON.stringify(body["messages"] ?? "");
  return JSON.stringify({
    count: countTokens(text),
    max_model_len: contextTokens,
    tokens: pieces(text).map((_, index) => index),
    token_strs: null,
  });
}
