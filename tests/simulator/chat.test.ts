import test from "ava";
import { chat, client, hello, simulator } from "./support/simulators.ts";

test("a chat answer names the simulator and has the usual length and usage", async (t) => {
  const answer = await client(await simulator(t)).chat.completions.create(chat);
  t.like(answer, { object: "chat.completion", model: "m" });
  t.like(answer.choices[0], { finish_reason: "stop", message: { role: "assistant" } });
  t.regex(answer.choices[0]?.message.content ?? "", /^Simulated answer of alpha: this text/);
  t.like(answer.usage, { prompt_tokens: 6, completion_tokens: 32, total_tokens: 38 });
});

test("max_tokens and max_completion_tokens cut the answer, and the reason says so", async (t) => {
  const { chat: api } = client(await simulator(t));
  for (const limit of [{ max_tokens: 2 }, { max_completion_tokens: 2 }]) {
    const answer = await api.completions.create({ ...chat, ...limit });
    t.is(answer.choices[0]?.finish_reason, "length");
    t.is(answer.choices[0]?.message.content, "Simulated answer");
    t.is(answer.usage?.completion_tokens, 2);
  }
});

test("ignore_eos, which the engine has, makes an answer as long as max_tokens", async (t) => {
  const request = { ...chat, max_tokens: 100, ignore_eos: true };
  const answer = await client(await simulator(t)).chat.completions.create(request);
  t.is(answer.usage?.completion_tokens, 100);
  t.is(answer.choices[0]?.finish_reason, "length");
});

test("a response format of json_object gives JSON", async (t) => {
  const request = { ...chat, response_format: { type: "json_object" } } as const;
  const answer = await client(await simulator(t)).chat.completions.create(request);
  const content: unknown = JSON.parse(answer.choices[0]?.message.content ?? "");
  t.deepEqual(content, { answer: "simulated", from: "alpha" });
});

test("a response format of json_schema gives JSON of that shape", async (t) => {
  const schema = {
    type: "object",
    properties: { city: { type: "string" }, degrees: { type: "number" } },
  };
  const answer = await client(await simulator(t)).chat.completions.create({
    ...chat,
    response_format: { type: "json_schema", json_schema: { name: "weather", schema } },
  });
  const content: unknown = JSON.parse(answer.choices[0]?.message.content ?? "");
  t.deepEqual(content, { city: "simulated", degrees: 1 });
});

test("a prompt that begins as an earlier one is counted as cached, unless its salt differs", async (t) => {
  const { chat: api } = client(await simulator(t));
  const messages = [{ role: "user" as const, content: "the same beginning ".repeat(50) }];
  const cached = async (salt?: string) => {
    const request = { ...chat, messages, ...(salt === undefined ? {} : { cache_salt: salt }) };
    const answer = await api.completions.create(request);
    return answer.usage?.prompt_tokens_details?.cached_tokens ?? -1;
  };
  t.is(await cached(), 0);
  t.is(await cached(), 224);
  t.is(await cached("another tenant"), 0);
});

test("a text completion answers a prompt", async (t) => {
  const { completions } = client(await simulator(t));
  const answer = await completions.create({ model: "m", prompt: "Once upon a", max_tokens: 3 });
  t.is(answer.object, "text_completion");
  t.like(answer.choices[0], { text: "Simulated answer of", finish_reason: "length" });
  t.like(answer.usage, { prompt_tokens: 3, completion_tokens: 3 });
});

test("each of several models answers under its own name", async (t) => {
  const { chat: api } = client(await simulator(t, { models: ["small", "large"] }));
  for (const model of ["small", "large"]) {
    const answer = await api.completions.create({ model, messages: hello });
    t.is(answer.model, model);
  }
});

test("the header x-simulator tells which backend answered", async (t) => {
  const { chat: api } = client(await simulator(t, { name: "beta" }));
  const { response } = await api.completions.create(chat).withResponse();
  t.is(response.headers.get("x-simulator"), "beta");
});
