import * as http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
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

const running = `vllm:num_requests_running{${labels}}`;
const generated = `vllm:generation_tokens_total{${labels}}`;

/** Whether `promise` is still open after a while. */
async function hangs(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, sleep(300, true)]);
}

test("wedge: nothing is answered, health is fine, and the engine's figures look idle", async (t) => {
  const it = await simulator(t);
  await it.fault({ kind: "wedge" });
  const answer = post(it.url, chat);
  t.true(await hangs(answer));
  t.is((await fetch(`${it.url}/health`)).status, 200);
  const now = await metrics(it);
  t.is(now.get(running), 0);
  t.is(now.get(`vllm:num_requests_waiting{${labels}}`), 0);
  t.is(now.get(generated), 0);
  t.is((await it.state()).waiting, 1);
  await it.fault({ kind: "none" });
  t.is((await answer).status, 200);
});

test("wedge: a stream gets not even its status line", async (t) => {
  const it = await simulator(t);
  await it.fault({ kind: "wedge" });
  t.true(await hangs(post(it.url, { ...chat, stream: true })));
});

test("wedge: a stream in the middle stands still, and goes on afterwards", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8" });
  const stream = await client(it).chat.completions.create({ ...chat, stream: true });
  const chunks = stream[Symbol.asyncIterator]();
  for (let chunk = 0; chunk < 3; chunk++) await chunks.next();
  await it.fault({ kind: "wedge" });
  await sleep(100);
  const before = (await metrics(it)).get(generated);
  await sleep(150);
  const now = await metrics(it);
  t.is(now.get(generated), before);
  t.is(now.get(running), 0);
  await it.fault({ kind: "none" });
  let last;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
    last = next.value;
  t.is(last?.choices[0]?.finish_reason, "stop");
});

test("wedge with headers: a stream gets its status line, as from the engine, and nothing else", async (t) => {
  const it = await simulator(t);
  await it.fault({ kind: "wedge", headers: true });
  const response = await post(it.url, { ...chat, stream: true });
  t.is(response.status, 200);
  t.true(await hangs(response.text()));
});

test("wedge: a queue with a limit fills up", async (t) => {
  const it = await simulator(t, { maxNumQueuedReqs: 1 });
  await it.fault({ kind: "wedge" });
  const held = post(it.url, chat);
  await eventually(async () => (await it.state()).waiting === 1);
  t.is((await post(it.url, chat)).status, 503);
  await it.fault({ kind: "none" });
  t.is((await held).status, 200);
});

test("slow: an answer takes the factor longer", async (t) => {
  const it = await simulator(t);
  const milliseconds = async () => {
    const start = performance.now();
    await (await post(it.url, { ...chat, max_tokens: 11 })).text();
    return performance.now() - start;
  };
  await milliseconds();
  t.true((await milliseconds()) < 100);
  await it.fault({ kind: "slow", factor: 10 });
  const slow = await milliseconds();
  t.true(slow >= 190 && slow < 1000, `${slow} ms`);
});

test("status: requests fail with it, in the error form of the API", async (t) => {
  const it = await simulator(t);
  const expected = { 500: OpenAI.InternalServerError, 429: OpenAI.RateLimitError } as const;
  for (const status of [500, 429] as const) {
    await it.fault({ kind: "status", status });
    await t.throwsAsync(client(it).chat.completions.create(chat), { instanceOf: expected[status] });
  }
  t.is((await it.state()).failed, 2);
});

test("status with a rate: that share fails, and the same seed fails the same requests", async (t) => {
  const run = async (seed: number) => {
    const it = await simulator(t, { seed });
    await it.fault({ kind: "status", status: 503, rate: 0.3 });
    const all = [];
    for (let request = 0; request < 200; request++) all.push((await post(it.url, chat)).status);
    return all;
  };
  const first = await run(7);
  const failed = first.filter((status) => status === 503).length;
  t.true(failed > 40 && failed < 80, `${failed} of 200`);
  t.deepEqual(await run(7), first);
  t.notDeepEqual(await run(8), first);
});

test("reset: the connection is cut before the first byte, and the request was seen", async (t) => {
  const it = await simulator(t);
  await it.fault({ kind: "reset" });
  const error = await t.throwsAsync(post(it.url, chat));
  t.like(error?.cause, { code: "ECONNRESET" });
  const { requests, completed } = await it.state();
  t.deepEqual([requests, completed], [1, 0]);
});

test("reset-mid-stream: so many events arrive, and then the connection is cut", async (t) => {
  const it = await simulator(t);
  await it.fault({ kind: "reset-mid-stream", afterChunks: 3 });
  const stream = await client(it).chat.completions.create({ ...chat, stream: true });
  const said: unknown[] = [];
  await t.throwsAsync(async () => {
    for await (const { choices } of stream) said.push(choices[0]?.delta.content);
  });
  t.deepEqual(said, ["", "Simulated", " answer"]);
  t.is((await metrics(it)).get(`vllm:request_success_total{${labels},finished_reason="abort"}`), 1);
});

test("refuse: no connection is taken, and the same port opens again", async (t) => {
  const it = await simulator(t);
  t.is((await post(it.url, chat)).status, 200);
  await it.fault({ kind: "refuse" });
  const error = await t.throwsAsync(post(it.url, chat));
  t.like(error?.cause, { code: "ECONNREFUSED" });
  await it.fault({ kind: "none" });
  t.is((await post(it.url, chat)).status, 200);
});

test("refuse: a request that runs ends well, and its connection takes no other", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8" });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const ask = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = http.request(`${it.url}/v1/chat/completions`, { method: "POST", agent });
      sent.on("error", reject).end(JSON.stringify({ ...chat, max_tokens: 4 }));
      sent.on("response", (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      });
    });
  const first = ask();
  await eventually(async () => (await it.state()).running === 1);
  await it.fault({ kind: "refuse" });
  t.is(await first, 200);
  await sleep(50);
  await t.throwsAsync(ask(), { code: "ECONNREFUSED" });
});

test("full: a new request is turned away while one that runs goes on", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8" });
  const first = post(it.url, { ...chat, max_tokens: 8 });
  await eventually(async () => (await it.state()).running === 1);
  await it.fault({ kind: "full" });
  t.is((await post(it.url, chat)).status, 503);
  t.is((await first).status, 200);
  const name = 'vllm:admission_rejections_total{model_name="m",reason="max_num_queued_reqs"}';
  t.is((await metrics(it)).get(name), 1);
});

test("none: after every fault the simulator answers again", async (t) => {
  const it = await simulator(t);
  const faults = [
    { kind: "wedge" },
    { kind: "status", status: 500 },
    { kind: "reset" },
    { kind: "reset-mid-stream", afterChunks: 1 },
    { kind: "refuse" },
    { kind: "full" },
  ] as const;
  for (const fault of faults) {
    await it.fault(fault);
    await it.fault({ kind: "none" });
    t.is((await post(it.url, { ...chat, stream: true })).status, 200, fault.kind);
  }
});

test("a fault that does not exist is refused and changes nothing", async (t) => {
  const it = await simulator(t);
  const send = (body: unknown) =>
    fetch(`${it.controlUrl}/fault`, { method: "POST", body: JSON.stringify(body) });
  for (const body of [
    { kind: "fire" },
    { kind: "status", status: 404 },
    { kind: "slow", factor: 0 },
    [],
  ])
    t.is((await send(body)).status, 400);
  t.regex(await (await send({ kind: "fire" })).text(), /send one of none, wedge/);
  t.deepEqual((await it.state()).fault, { kind: "none" });
});
