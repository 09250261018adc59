import { createHash } from "node:crypto";
import test from "ava";
import { chat, client, post, simulator } from "./support/simulators.ts";

test("the state counts what came in, by model and by path", async (t) => {
  const it = await simulator(t, { models: ["m", "n"] });
  await post(it.url, chat);
  await (await post(it.url, { ...chat, model: "n", stream: true })).text();
  await fetch(`${it.url}/metrics`);
  const before = Date.now();
  const state = await it.state();
  t.like(state, { name: "alpha", role: "engine", requests: 2, completed: 2, streams: 1 });
  t.deepEqual(state.byModel, { m: 1, n: 1 });
  t.deepEqual(state.byPath, { "/v1/chat/completions": 2, "/metrics": 1 });
  t.true(Math.abs(before - (state.lastRequestAt ?? 0)) < 2_000);
});

test("the state tells how many different keys came, and no key", async (t) => {
  const it = await simulator(t);
  for (const key of ["first-key", "second-key", "first-key"])
    await client(it, key).chat.completions.create(chat);
  t.is((await it.state()).keysSeen, 2);
  const everything = JSON.stringify([await it.state(), await it.last()]);
  t.false(everything.includes("first-key"));
});

test("the last requests show headers and body, and keys as hashes", async (t) => {
  const it = await simulator(t);
  await post(it.url, chat, { authorization: "Bearer secret", "x-tenant": "blue" });
  const [seen] = await it.last();
  const digest = createHash("sha256").update("Bearer secret").digest("hex").slice(0, 16);
  t.like(seen, { method: "POST", path: "/v1/chat/completions", body: chat });
  t.like(seen?.headers, { authorization: `sha256:${digest}`, "x-tenant": "blue" });
});

test("twenty requests are kept, the newest last", async (t) => {
  const it = await simulator(t);
  for (let user = 0; user < 50; user++) await post(it.url, { ...chat, user: String(user) });
  const users = (await it.last(50)).map(
    ({ body }) => JSON.stringify(body).match(/"user":"(\d+)"/)?.[1],
  );
  t.deepEqual(
    users,
    Array.from({ length: 20 }, (_, index) => String(index + 30)),
  );
  t.is((await it.last(2)).length, 2);
});

test("counters begin anew on request, and the engine's own do not", async (t) => {
  const it = await simulator(t);
  await post(it.url, chat);
  await it.resetCounters();
  t.like(await it.state(), { requests: 0, completed: 0, byModel: {}, lastRequestAt: null });
  t.deepEqual(await it.last(), []);
  t.regex(await (await fetch(`${it.url}/metrics`)).text(), /generation_tokens_total\{.*\} 32\.0/);
});

test("no path of the control port answers on the port of clients", async (t) => {
  const it = await simulator(t);
  for (const path of ["/state", "/last", "/fault"])
    t.is((await fetch(`${it.url}${path}`)).status, 404);
});
