import test from "ava";
import OpenAI from "openai";
import { chat, client, hello, keyFile, post, simulator } from "./support/simulators.ts";

test("a model that is not served is not found, in the words of either side", async (t) => {
  const request = { model: "other", messages: hello };
  const engine = await t.throwsAsync(client(await simulator(t)).chat.completions.create(request), {
    instanceOf: OpenAI.NotFoundError,
    message: /`other` does not exist/,
  });
  const provider = await t.throwsAsync(
    client(await simulator(t, { role: "provider" })).chat.completions.create(request),
    { instanceOf: OpenAI.NotFoundError },
  );
  t.like(engine, { code: 404, param: "model", type: "NotFoundError" });
  t.like(provider, { code: "model_not_found", type: "invalid_request_error" });
});

test("a wrong key is refused, and the right one is not", async (t) => {
  const running = await simulator(t, { apiKeyFile: await keyFile(t, "right") });
  await t.throwsAsync(client(running, "wrong").chat.completions.create(chat), {
    instanceOf: OpenAI.AuthenticationError,
  });
  await t.notThrowsAsync(client(running, "right").chat.completions.create(chat));
});

test("the key guards /v1 alone: the engine's other paths answer everybody", async (t) => {
  const { url } = await simulator(t, { apiKeyFile: await keyFile(t, "right") });
  const status = async (path: string, body?: unknown) => {
    const rest = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    return (await fetch(`${url}${path}`, rest)).status;
  };
  t.is(await status("/v1/models"), 401);
  t.is(await status("/health"), 200);
  t.is(await status("/metrics"), 200);
  t.is(await status("/tokenize", { prompt: "x" }), 200);
  t.is(await status("/invocations", chat), 200);
});

test("a body that is no JSON is a bad request", async (t) => {
  const response = await post((await simulator(t)).url, '{"model":');
  t.is(response.status, 400);
  t.like(await response.json(), { error: { message: "The body is no JSON object; send one." } });
});

test("a chat without messages is a bad request that names them", async (t) => {
  const { url } = await simulator(t);
  for (const body of [{ model: "m" }, { model: "m", messages: [] }]) {
    const response = await post(url, body);
    t.is(response.status, 400);
    t.like(await response.json(), { error: { param: "messages" } });
  }
});

test("max_tokens of zero is a bad request that names it", async (t) => {
  const { chat: api } = client(await simulator(t));
  const error = await t.throwsAsync(api.completions.create({ ...chat, max_tokens: 0 }), {
    instanceOf: OpenAI.BadRequestError,
  });
  t.like(error, { param: "max_tokens" });
});

test("prompt and answer beyond the context are refused", async (t) => {
  const { chat: api } = client(await simulator(t, { role: "provider", contextTokens: 64 }));
  const long = [{ role: "user" as const, content: "x".repeat(4 * 64) }];
  const error = await t.throwsAsync(api.completions.create({ model: "m", messages: long }), {
    instanceOf: OpenAI.BadRequestError,
    message: /maximum context length is 64 tokens/,
  });
  t.like(error, { code: "context_length_exceeded" });
  await t.throwsAsync(api.completions.create({ ...chat, max_tokens: 60 }), {
    message: /66 tokens \(6 in the prompt, 60 for the answer\)/,
  });
});

test("an answer without a limit ends where the context does", async (t) => {
  const { chat: api } = client(await simulator(t, { contextTokens: 16 }));
  const answer = await api.completions.create(chat);
  t.is(answer.choices[0]?.finish_reason, "length");
  t.is(answer.usage?.total_tokens, 16);
});

test("a body of more than 8 MiB is too large, whether or not its length is announced", async (t) => {
  const { url } = await simulator(t);
  const large = JSON.stringify({ ...chat, padding: "x".repeat(8 * 1024 * 1024) });
  t.is((await post(url, large)).status, 413);
  const chunked = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body: new Blob([large]).stream(),
    duplex: "half",
  });
  t.is(chunked.status, 413);
});

test("what does not exist is not found, and a wrong method is told the right one", async (t) => {
  const { url } = await simulator(t);
  t.is((await fetch(`${url}/v1/nothing`)).status, 404);
  const response = await fetch(`${url}/v1/chat/completions`);
  t.is(response.status, 405);
  t.regex(await response.text(), /takes POST, not GET/);
});

test("more than one choice is refused, as there is but one", async (t) => {
  const { chat: api } = client(await simulator(t));
  await t.throwsAsync(api.completions.create({ ...chat, n: 2 }), {
    message: /n is 2; the simulator/,
  });
});
