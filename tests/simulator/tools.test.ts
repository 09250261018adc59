import test from "ava";
import type OpenAI from "openai";
import { chat, client, simulator } from "./support/simulators.ts";

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "get_weather",
      parameters: {
        type: "object",
        properties: { city: { type: "string" }, unit: { enum: ["celsius", "kelvin"] } },
      },
    },
  },
  { type: "function", function: { name: "get_time" } },
];
const weather = { city: "simulated", unit: "celsius" };

function calls(answer: OpenAI.ChatCompletion) {
  return (answer.choices[0]?.message.tool_calls ?? []).flatMap((call) =>
    call.type === "function" ? [call.function] : [],
  );
}

test("without a parser every request with tools is refused, unless none may be called", async (t) => {
  const { chat: api } = client(await simulator(t, { withoutToolParser: true }));
  for (const choice of ["auto", "required"] as const) {
    const asked = { ...chat, tools, tool_choice: choice };
    await t.throwsAsync(() => api.completions.create(asked), {
      message: /400 .*no parser for calls of tools/,
    });
  }
  const answer = await api.completions.create({ ...chat, tools, tool_choice: "none" });
  t.is(answer.choices[0]?.finish_reason, "stop");
  t.is((await api.completions.create(chat)).choices[0]?.finish_reason, "stop");
});

test("tool_choice required calls the first tool with arguments of its schema", async (t) => {
  const { chat: api } = client(await simulator(t));
  const answer = await api.completions.create({ ...chat, tools, tool_choice: "required" });
  t.is(answer.choices[0]?.finish_reason, "tool_calls");
  t.is(answer.choices[0]?.message.content, null);
  t.deepEqual(
    calls(answer).map((call): unknown => [call.name, JSON.parse(call.arguments)]),
    [["get_weather", weather]],
  );
});

test("tool_choice with a function calls that function", async (t) => {
  const { chat: api } = client(await simulator(t));
  const answer = await api.completions.create({
    ...chat,
    tools,
    tool_choice: { type: "function", function: { name: "get_time" } },
  });
  t.deepEqual(calls(answer), [{ name: "get_time", arguments: "{}" }]);
});

test("a user who says a tool's name gets a call of it, and its result gets an answer", async (t) => {
  const { chat: api } = client(await simulator(t));
  const asked = { role: "user" as const, content: "Please use get_time now" };
  const first = await api.completions.create({ model: "m", messages: [asked], tools });
  t.deepEqual(calls(first), [{ name: "get_time", arguments: "{}" }]);
  const [message] = first.choices.map((choice) => choice.message);
  const id = message?.tool_calls?.[0]?.id ?? "";
  const second = await api.completions.create({
    model: "m",
    messages: [
      asked,
      ...(message ? [message] : []),
      { role: "tool", tool_call_id: id, content: "get_time says 12:00" },
    ],
    tools,
  });
  t.is(second.choices[0]?.finish_reason, "stop");
  t.truthy(second.choices[0]?.message.content);
});

test("nobody who does not ask gets a tool call", async (t) => {
  const { chat: api } = client(await simulator(t));
  const plain = await api.completions.create({ ...chat, tools });
  const none = await api.completions.create({
    model: "m",
    messages: [{ role: "user", content: "use a tool" }],
    tools,
    tool_choice: "none",
  });
  t.deepEqual([...calls(plain), ...calls(none)], []);
});

test("the official client puts a streamed tool call together", async (t) => {
  const { chat: api } = client(await simulator(t));
  const stream = api.completions.stream({ ...chat, tools, tool_choice: "required" });
  const names: string[] = [];
  const pieces: string[] = [];
  stream.on("chunk", ({ choices }) => {
    const call = choices[0]?.delta.tool_calls?.[0];
    if (call?.function?.name !== undefined) names.push(call.function.name);
    if (call?.function?.arguments) pieces.push(call.function.arguments);
  });
  const answer = await stream.finalChatCompletion();
  t.deepEqual(names, ["get_weather"]);
  t.true(pieces.length > 3);
  t.is(answer.choices[0]?.finish_reason, "tool_calls");
  const [call] = answer.choices[0]?.message.tool_calls ?? [];
  t.regex(call?.id ?? "", /^call_/);
  t.deepEqual(JSON.parse(call?.type === "function" ? call.function.arguments : ""), weather);
});

test("a tool_choice that names no tool is refused", async (t) => {
  const { chat: api } = client(await simulator(t));
  const request = {
    ...chat,
    tools,
    tool_choice: { type: "function", function: { name: "x" } },
  } as const;
  await t.throwsAsync(api.completions.create(request), {
    message: /"x", which is not among tools/,
  });
});
