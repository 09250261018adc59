import type { Prompt } from "./library.ts";

export interface ToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  };
}

/** A message as a chat template gets it: arguments of a call are an object there, not JSON. */
export interface Message {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
  readonly name?: string;
}

export interface Tool {
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}

/** What a chat template is asked to write down. */
export interface Conversation {
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
}

/** What a client sends for a prompt; variables stand as they are written. */
export function conversationOf(prompt: Prompt): Conversation {
  return {
    messages: [
      ...(prompt.system === undefined ? [] : [{ role: "system", content: prompt.system } as const]),
      ...prompt.examples.flatMap(({ user, assistant }): Message[] => [
        { role: "user", content: user },
        { role: "assistant", content: assistant },
      ]),
      { role: "user", content: prompt.prompt },
    ],
    tools: prompt.tools.map((tool) => ({ type: "function", function: tool })),
  };
}

/** The same with its later turns, each message empty: what the template itself adds to a whole conversation. */
export function longestConversationOf(prompt: Prompt): Conversation {
  const { messages, tools } = conversationOf(prompt);
  const later = Array.from({ length: prompt.turns - 1 }, (): Message[] => [
    { role: "assistant", content: "" },
    { role: "user", content: "" },
  ]);
  return { messages: [...messages, ...later.flat()], tools };
}
