import { type ApiError, apiError } from "./api-error.ts";
import { sample } from "./schema-sample.ts";
import { isRecord, type JsonObject } from "./values.ts";

export interface ToolCall {
  readonly name: string;
  /** JSON text, as the API has it. */
  readonly arguments: string;
}

interface Tool {
  readonly name: string;
  readonly parameters: unknown;
}

export type ChosenTool =
  | { readonly ok: true; readonly call: ToolCall | undefined }
  | { readonly ok: false; readonly error: ApiError };

/**
 * Whether the answer is a tool call. A real model would decide; here `tool_choice` does, and where it leaves the
 * choice open, a last user message that says "tool" or a tool's name.
 */
export function chooseTool(
  body: JsonObject,
  messages: readonly JsonObject[],
  withoutParser = false,
): ChosenTool {
  const tools = readTools(body["tools"]);
  const choice = body["tool_choice"] ?? "auto";
  if (choice === "none") return { ok: true, call: undefined };
  if (withoutParser && (tools.length > 0 || choice !== "auto")) {
    return bad(
      `tool_choice is ${JSON.stringify(choice)}, and the model has no parser for calls of tools; leave tools out`,
    );
  }
  if (isRecord(choice)) return named(choice, tools);
  const [first] = tools;
  if (choice === "required") {
    if (first !== undefined) return { ok: true, call: call(first) };
    return bad('tool_choice is "required" and there are no tools; send tools');
  }
  if (choice !== "auto")
    return bad(`tool_choice is ${JSON.stringify(choice)}; send none, auto, required or a function`);
  return { ok: true, call: asked(tools, messages) };
}

function readTools(value: unknown): readonly Tool[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).flatMap(({ function: it }) => {
    if (!isRecord(it) || typeof it["name"] !== "string") return [];
    return [{ name: it["name"], parameters: it["parameters"] }];
  });
}

function named(choice: JsonObject, tools: readonly Tool[]): ChosenTool {
  const wanted = isRecord(choice["function"]) ? choice["function"]["name"] : undefined;
  const tool = tools.find(({ name }) => name === wanted);
  if (tool !== undefined) return { ok: true, call: call(tool) };
  return bad(`tool_choice names ${JSON.stringify(wanted)}, which is not among tools`);
}

function asked(tools: readonly Tool[], messages: readonly JsonObject[]): ToolCall | undefined {
  const [first] = tools;
  const last = messages.at(-1);
  // After a tool's result an answer follows, or a client would call for ever.
  if (first === undefined || last?.["role"] !== "user") return undefined;
  const words = JSON.stringify(last["content"] ?? "").toLowerCase();
  const tool = tools.find(({ name }) => words.includes(name.toLowerCase()));
  if (tool !== undefined) return call(tool);
  return /\btools?\b/.test(words) ? call(first) : undefined;
}

function call({ name, parameters }: Tool): ToolCall {
  return { name, arguments: JSON.stringify(sample(parameters ?? {})) };
}

function bad(message: string): ChosenTool {
  return { ok: false, error: apiError(400, message, "tool_choice") };
}
