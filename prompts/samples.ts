import type { Conversation, Message, Tool } from "./conversation.ts";

const weather: Tool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a city now.",
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    },
  },
};

const system: Message = { role: "system", content: "Answer in one sentence." };
const ask: Message = { role: "user", content: "Why did the job fail?" };
const answer: Message = { role: "assistant", content: "The disk was full." };
const next: Message = { role: "user", content: "Since when?" };
const forecast: Message = { role: "user", content: "Is it raining in Bern?" };
const called: Message = {
  role: "assistant",
  content: "",
  // Nine letters and digits: Mistral's template takes no other.
  tool_calls: [
    {
      id: "call00001",
      type: "function",
      function: { name: "get_weather", arguments: { city: "Bern" } },
    },
  ],
};
const result: Message = {
  role: "tool",
  tool_call_id: "call00001",
  name: "get_weather",
  content: '{"rain": true}',
};

/** Conversations that tell formats apart, by name. */
export const samples = {
  "one question": { messages: [ask], tools: [] },
  "system and question": { messages: [system, ask], tools: [] },
  "few-shot": {
    messages: [
      system,
      { role: "user", content: "Label: the page is slow." },
      { role: "assistant", content: "performance" },
      { role: "user", content: "Label: I cannot log in." },
    ],
    tools: [],
  },
  "several turns": { messages: [system, ask, answer, next], tools: [] },
  "tools offered": { messages: [system, forecast], tools: [weather] },
  "result of a tool": { messages: [system, forecast, called, result], tools: [weather] },
  "system after user": { messages: [ask, answer, system, next], tools: [] },
  "two user turns in a row": { messages: [ask, next], tools: [] },
} as const satisfies Readonly<Record<string, Conversation>>;
