import test from "ava";
import OpenAI from "openai";
import {
  chat,
  client,
  eventually,
  labels,
  metrics,
  post,
  simulator,
} from "./support/simulators.ts";

test("the limit of the queue counts running and waiting requests together", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8", maxNumSeqs: 1, maxNumQueuedReqs: 3 });
  const held = [1, 2, 3].map(() => post(it.url, { ...chat, max_tokens: 2 }));
  await eventually(async () => (await it.state()).requests === 3);
  await t.throwsAsync(client(it).chat.completions.create(chat), {
    instanceOf: OpenAI.InternalServerError,
    message: /503 The queue is full/,
  });
  t.is((await it.state()).rejected, 1);
  t.deepEqual(
    (await Promise.all(held)).map(({ status }) => status),
    [200, 200, 200],
  );
});

test("who waits is served in the order of arrival", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8", maxNumSeqs: 1 });
  const order: number[] = [];
  const ask = async (number: number) => {
    await (await post(it.url, { ...chat, max_tokens: 1 })).text();
    order.push(number);
  };
  const all: Promise<void>[] = [];
  for (const number of [0, 1, 2]) {
    all.push(ask(number));
    await eventually(async () => (await it.state()).requests === number + 1);
  }
  await Promise.all(all);
  t.deepEqual(order, [0, 1, 2]);
});

test("who gives up waiting leaves the queue", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8", maxNumSeqs: 1 });
  const first = post(it.url, { ...chat, max_tokens: 4 });
  await eventually(async () => (await it.state()).running === 1);
  const abort = new AbortController();
  const second = fetch(`${it.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify(chat),
    signal: abort.signal,
  });
  await eventually(async () => (await it.state()).waiting === 1);
  abort.abort();
  await t.throwsAsync(second);
  await eventually(async () => (await it.state()).waiting === 0);
  t.is((await first).status, 200);
  t.is((await metrics(it)).get(`vllm:request_success_total{${labels},finished_reason="abort"}`), 1);
});
