import { type Answer, plan } from "./answer.ts";
import { type ApiError, apiError } from "./api-error.ts";
import type { SimulatorOptions } from "./options.ts";
import { countTokens, messageOverhead } from "./tokens.ts";
import { chooseTool, type ToolCall } from "./tools.ts";
import { isRecord, type JsonObject } from "./values.ts";

export type Kind = "chat" | "completion";

/** A request that can be answered, and its answer. */
export interface GenerationRequest {
  readonly kind: Kind;
  readonly model: string;
  /** What prefix caching compares; a `cache_salt` is in front of it. */
  readonly prompt: string;
  readonly promptTokens: number;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly answer: Answer;
}

export type ParsedRequest =
  | { readonly ok: true; readonly request: GenerationRequest }
  | { readonly ok: false; readonly error: ApiError };

interface Prompt {
  readonly text: string;
  readonly tokens: number;
  readonly toolCall: ToolCall | undefined;
}

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ApiError };

export function readGeneration(
  kind: Kind,
  body: JsonObject,
  options: SimulatorOptions,
  deployment?: string,
): ParsedRequest {
  const model = servedModel(deployment ?? body["model"], options);
  if (!model.ok) return model;
  if (body["n"] !== undefined && body["n"] !== null && body["n"] !== 1)
    return bad("n", body["n"], "the simulator gives one choice; send 1 or leave it out");
  const prompt = kind === "chat" ? readMessages(body, options) : readPrompt(body["prompt"]);
  if (!prompt.ok) return prompt;
  const limit = readLimit(body, prompt.value.tokens, options.contextTokens);
  if (!limit.ok) return limit;
  const stream = body["stream"] === true;
  const wanted = { name: options.name, body, usual: options.answerTokens, limit: limit.value };
  const request: GenerationRequest = {
    kind,
    model: model.value,
    prompt: salted(body["cache_salt"], prompt.value.text),
    promptTokens: prompt.value.tokens,
    stream,
    includeUsage: options.forceIncludeUsage || wantsUsage(body["stream_options"]),
    answer: plan({ ...wanted, toolCall: prompt.value.toolCall }),
  };
  return { ok: true, request };
}

/** The engine takes its own model where none is named; a provider has many. */
export function servedModel(asked: unknown, { models, role }: SimulatorOptions): Read<string> {
  if (asked === undefined || asked === null) {
    if (role === "engine") return { ok: true, value: models[0] };
    return bad("model", asked, `name one of ${models.join(", ")}`);
  }
  if (typeof asked !== "string") return bad("model", asked, "send a name");
  if (models.includes(asked)) return { ok: true, value: asked };
  const message = `The model \`${asked.slice(0, 200)}\` does not exist.`;
  return { ok: false, error: apiError(404, message, "model", "model_not_found") };
}

function readMessages(body: JsonObject, { withoutToolParser }: SimulatorOptions): Read<Prompt> {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    return bad("messages", messages, "send a list with at least one message");
  let text = "";
  const read: JsonObject[] = [];
  for (const message of messages) {
    if (!isRecord(message) || typeof message["role"] !== "string")
      return bad("messages", message, "every message is an object with a role");
    text += `${message["role"]}: ${contentText(message["content"])}\n`;
    read.push(message);
  }
  const tool = chooseTool(body, read, withoutToolParser);
  if (!tool.ok) return tool;
  const tokens = countTokens(text) + messageOverhead * read.length;
  return { ok: true, value: { text, tokens, toolCall: tool.call } };
}

/** Parts that are no text count by their type alone: nothing here looks at pictures. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .filter(isRecord)
    .map(({ type, text }) => (typeof text === "string" ? text : JSON.stringify(type ?? "")))
    .join(" ");
}

function readPrompt(prompt: unknown): Read<Prompt> {
  const only: unknown = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  if (typeof only === "string" && only !== "")
    return { ok: true, value: { text: only, tokens: countTokens(only), toolCall: undefined } };
  if (Array.isArray(only) && only.length > 0 && only.every((id) => typeof id === "number"))
    return { ok: true, value: { text: only.join(" "), tokens: only.length, toolCall: undefined } };
  return bad("prompt", prompt, "send one text or one list of token ids");
}

/** Tokens that the answer may have. */
function readLimit(body: JsonObject, promptTokens: number, context: number): Read<number> {
  const field = body["max_completion_tokens"] == null ? "max_tokens" : "max_completion_tokens";
  const asked = body[field] ?? undefined;
  if (asked !== undefined && !(typeof asked === "number" && Number.isInteger(asked) && asked > 0))
    return bad(field, asked, "send a whole number from 1");
  const answer = asked ?? 1;
  if (promptTokens + answer > context) {
    const message =
      `This model's maximum context length is ${context} tokens. However, you requested ` +
      `${promptTokens + answer} tokens (${promptTokens} in the prompt, ${answer} for the answer). ` +
      "Please reduce the length of the prompt or the answer.";
    const param = body["messages"] === undefined ? "prompt" : "messages";
    return { ok: false, error: apiError(400, message, param, "context_length_exceeded") };
  }
  return { ok: true, value: asked ?? context - promptTokens };
}

function wantsUsage(options: unknown): boolean {
  return isRecord(options) && options["include_usage"] === true;
}

/** Without a salt two tenants would see by their latency whether the other sent the same prompt. */
function salted(salt: unknown, text: string): string {
  return typeof salt === "string" ? `${salt}\u0000${text}` : text;
}

function bad(param: string, value: unknown, remedy: string) {
  const shown = (JSON.stringify(value) ?? "missing").slice(0, 200);
  return { ok: false, error: apiError(400, `${param} is ${shown}; ${remedy}`, param) } as const;
}
