import { sample } from "./schema-sample.ts";
import { pieces } from "./tokens.ts";
import type { ToolCall } from "./tools.ts";
import { isRecord, type JsonObject } from "./values.ts";

export type FinishReason = "stop" | "length" | "tool_calls" | "abort";

/** What will be said, token by token, before the first of them is. */
export interface Answer {
  readonly tokens: readonly string[];
  readonly finish: FinishReason;
  readonly tool: string | undefined;
}

export interface Wanted {
  readonly name: string;
  readonly body: JsonObject;
  readonly toolCall: ToolCall | undefined;
  /** Tokens where nothing limits them. */
  readonly usual: number;
  /** Tokens at most. */
  readonly limit: number;
}

const words = "this text is made up and says nothing about any model".split(" ");
const filler = words.map((word) => ` ${word}`);
const openings = new Map<string, readonly string[]>();

export function plan({ name, body, toolCall, usual, limit }: Wanted): Answer {
  if (toolCall !== undefined) {
    const all = pieces(toolCall.arguments);
    return cut(all, limit, "tool_calls", toolCall.name);
  }
  const json = jsonAnswer(body["response_format"], name);
  if (json !== undefined) return cut(pieces(json), limit, "stop", undefined);
  const least = typeof body["min_tokens"] === "number" ? body["min_tokens"] : 0;
  const wanted = body["ignore_eos"] === true ? limit : Math.max(usual, least);
  const finish = wanted > limit || body["ignore_eos"] === true ? "length" : "stop";
  return { tokens: prose(name, Math.min(wanted, limit)), finish, tool: undefined };
}

function cut(
  all: readonly string[],
  limit: number,
  finish: FinishReason,
  tool: string | undefined,
): Answer {
  if (all.length <= limit) return { tokens: all, finish, tool };
  return { tokens: all.slice(0, limit), finish: "length", tool };
}

/** Kept, because nearly all requests of a run want the same length. */
function prose(name: string, count: number): readonly string[] {
  const key = `${count} ${name}`;
  const known = openings.get(key);
  if (known !== undefined) return known;
  const opening = ["Simulated", " answer", " of", ` ${name}:`];
  const rest = Array.from(
    { length: Math.max(0, count - opening.length) },
    (_, index) => filler[index % filler.length] ?? "",
  );
  const tokens = [...opening, ...rest].slice(0, count);
  if (openings.size < 256) openings.set(key, tokens);
  return tokens;
}

function jsonAnswer(format: unknown, name: string): string | undefined {
  if (!isRecord(format)) return undefined;
  if (format["type"] === "json_object") return JSON.stringify({ answer: "simulated", from: name });
  if (format["type"] !== "json_schema") return undefined;
  const wrapper = format["json_schema"];
  return JSON.stringify(sample(isRecord(wrapper) ? wrapper["schema"] : undefined));
}
