import type { Answer, FinishReason } from "./answer.ts";
import type { Kind } from "./generation-request.ts";

/** What every chunk and every answer of one request has in common. */
export interface Envelope {
  readonly kind: Kind;
  readonly id: string;
  readonly created: number;
  readonly model: string;
  /** OpenAI puts `usage: null` into each chunk of a stream that ends with usage; the engine does not. */
  readonly nullUsage: boolean;
}

export interface Usage {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
}

/** The events of one stream. Built from text: this is what a simulator spends its time on. */
export interface Chunks {
  readonly opening: string;
  token(text: string): string;
  finish(reason: FinishReason): string;
  usage(usage: Usage): string;
}

export const done = "data: [DONE]\n\n";

export function chunks(envelope: Envelope, answer: Answer): Chunks {
  const { kind, nullUsage } = envelope;
  const object = kind === "chat" ? "chat.completion.chunk" : "text_completion";
  const start =
    `data: {"id":${JSON.stringify(envelope.id)},"object":"${object}",` +
    `"created":${envelope.created},"model":${JSON.stringify(envelope.model)},"choices":[`;
  const close = nullUsage ? '],"usage":null}\n\n' : "]}\n\n";
  const field = kind === "chat" ? "delta" : "text";
  const head = `${start}{"index":0,"${field}":`;
  const tail = `,"logprobs":null,"finish_reason":null}${close}`;
  return {
    opening:
      kind === "chat" ? `${head}${opening(envelope.id, answer.tool, head, tail)}${tail}` : "",
    token: (text) => `${head}${delta(kind, answer.tool, text)}${tail}`,
    finish: (reason) =>
      `${head}${kind === "chat" ? "{}" : '""'},"logprobs":null,"finish_reason":"${reason}"}${close}`,
    usage: (usage) => `${start}],"usage":${JSON.stringify(usageBody(usage))}}\n\n`,
  };
}

function delta(kind: Kind, tool: string | undefined, text: string): string {
  const value = JSON.stringify(text);
  if (kind === "completion") return value;
  if (tool === undefined) return `{"content":${value}}`;
  return `{"tool_calls":[{"index":0,"function":{"arguments":${value}}}]}`;
}

/** The role, and for a tool call a second chunk with its name: arguments follow piece by piece. */
function opening(id: string, tool: string | undefined, head: string, tail: string): string {
  if (tool === undefined) return '{"role":"assistant","content":""}';
  const call = JSON.stringify({
    index: 0,
    id: toolCallId(id),
    type: "function",
    function: { name: tool, arguments: "" },
  });
  return `{"role":"assistant","content":null}${tail}${head}{"tool_calls":[${call}]}`;
}

function toolCallId(id: string): string {
  return `call_${id.slice(id.indexOf("-") + 1)}`;
}

/** The answer of a request that does not stream. */
export function whole(
  envelope: Envelope,
  answer: Answer,
  said: number,
  finish: FinishReason,
  usage: Usage,
): string {
  const text = answer.tokens.slice(0, said).join("");
  const choice =
    envelope.kind === "chat"
      ? { index: 0, message: message(envelope.id, answer.tool, text) }
      : { index: 0, text };
  return JSON.stringify({
    id: envelope.id,
    object: envelope.kind === "chat" ? "chat.completion" : "text_completion",
    created: envelope.created,
    model: envelope.model,
    choices: [{ ...choice, logprobs: null, finish_reason: finish }],
    usage: usageBody(usage),
  });
}

function message(id: string, tool: string | undefined, text: string) {
  if (tool === undefined) return { role: "assistant", content: text, refusal: null };
  const call = { id: toolCallId(id), type: "function", function: { name: tool, arguments: text } };
  return { role: "assistant", content: null, refusal: null, tool_calls: [call] };
}

function usageBody({ promptTokens, cachedTokens, completionTokens }: Usage) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}
