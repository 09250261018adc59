import test from "ava";
import {
  chat,
  client,
  eventually,
  labels,
  metrics,
  post,
  simulator,
} from "./support/simulators.ts";

test("a stream is a role, one chunk per token, and a reason", async (t) => {
  const { chat: api } = client(await simulator(t));
  const stream = await api.completions.create({ ...chat, stream: true, max_tokens: 3 });
  const deltas = [];
  for await (const chunk of stream) {
    const [choice] = chunk.choices;
    deltas.push([choice?.delta, choice?.finish_reason]);
  }
  t.deepEqual(deltas, [
    [{ role: "assistant", content: "" }, null],
    [{ content: "Simulated" }, null],
    [{ content: " answer" }, null],
    [{ content: " of" }, null],
    [{}, "length"],
  ]);
});

test("include_usage adds a last chunk with usage and without choices", async (t) => {
  const { chat: api } = client(await simulator(t));
  const stream = await api.completions.create({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  t.deepEqual(chunks.at(-1)?.choices, []);
  t.like(chunks.at(-1)?.usage, { prompt_tokens: 6, completion_tokens: 32, total_tokens: 38 });
  t.true(chunks.slice(0, -1).every(({ usage }) => usage === undefined));
});

test("a stream has no usage unless somebody wants it", async (t) => {
  const text = await (await post((await simulator(t)).url, { ...chat, stream: true })).text();
  t.false(text.includes("usage"));
  t.true(text.endsWith("data: [DONE]\n\n"));
});

test("--force-include-usage adds usage to every stream", async (t) => {
  const { url } = await simulator(t, { forceIncludeUsage: true });
  const text = await (await post(url, { ...chat, stream: true })).text();
  t.regex(text, /"choices":\[\],"usage":\{"prompt_tokens":6,/);
});

test("a provider's stream with usage has an empty usage in the other chunks", async (t) => {
  const { url } = await simulator(t, { role: "provider" });
  const options = { stream: true, stream_options: { include_usage: true }, max_tokens: 2 };
  const text = await (await post(url, { ...chat, ...options })).text();
  t.is(text.match(/"usage":null/g)?.length, 4);
});

test("a text completion streams without a role", async (t) => {
  const { completions } = client(await simulator(t));
  const stream = await completions.create({ model: "m", prompt: "x", stream: true, max_tokens: 2 });
  const said = [];
  for await (const { choices } of stream) said.push(choices[0]?.text);
  t.deepEqual(said, ["Simulated", " answer", ""]);
});

test("tokens come one after the other where there is latency", async (t) => {
  const { chat: api } = client(await simulator(t, { latency: "a100-tp8" }));
  const stream = await api.completions.create({ ...chat, stream: true, max_tokens: 5 });
  const times: number[] = [];
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) times.push(Date.now());
  const spread = (times.at(-1) ?? 0) - (times[0] ?? 0);
  t.is(times.length, 5);
  t.true(spread >= 4 * 28 - 10, `${spread} ms`);
});

test("the engine answers 200 before its first token, a provider with it", async (t) => {
  const wait = async (role: "engine" | "provider") => {
    const { url } = await simulator(t, { role, latency: "a100-tp8" });
    const start = performance.now();
    const response = await post(url, { ...chat, stream: true });
    const took = performance.now() - start;
    await response.body?.cancel();
    return took;
  };
  const [engine, provider] = [await wait("engine"), await wait("provider")];
  t.true(engine < 150, `${engine} ms`);
  t.true(provider > 245, `${provider} ms`);
});

test("a client that goes away ends its request, and the engine counts an abort", async (t) => {
  const running = await simulator(t, { latency: "a100-tp8" });
  const stream = await client(running).chat.completions.create({ ...chat, stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
  await eventually(async () => (await running.state()).running === 0);
  t.is((await running.state()).aborted, 1);
  const now = await metrics(running);
  t.is(now.get(`vllm:request_success_total{${labels},finished_reason="abort"}`), 1);
  t.true((now.get(`vllm:generation_tokens_total{${labels}}`) ?? 32) < 32);
});
