import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { ports } from "../../../components/gateway/names.ts";
import type { RunningSimulator } from "../../../tools/simulator/process.ts";
import { type Answer, type Call, call, open } from "../support/call.ts";
import { eventually } from "../support/eventually.ts";
import { type Plane, startPlane } from "../support/plane.ts";
import { engineKeyOf, providerKeyOf } from "../support/secrets.ts";

/** Started once: the tests run one after the other, and each sets the shares that it needs. */
let plane: Plane;

test.before(async () => {
  plane = await startPlane();
  const ready = (key: string, proxy: Plane["open"]) =>
    eventually(
      () => ask(proxy, { key }),
      ({ status }) => status === 200,
    );
  await share({ chat: { own: 100, openai: 0 }, summary: { own: 100, azure: 0 } });
  await eventually(
    () => ask(plane.open, { key: "key-chat" }),
    ({ headers }) => headers["x-simulator"] === "engine-large",
  );
  await ready("key-contracts", plane.closed);
});

test.after.always(() => plane.stop());

const ask = (proxy: Plane["open"], options: Call): Promise<Answer> =>
  call(proxy.port(ports.clients), options);

/** In force within a poll of the proxy. */
async function share(weights: Parameters<Plane["share"]>[0]): Promise<void> {
  plane.share(weights);
  await sleep(600);
}

function simulator(name: string): RunningSimulator {
  const found = plane.engines.get(name) ?? plane.providers.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const hashed = (secret: string) =>
  `sha256:${createHash("sha256").update(secret).digest("hex").slice(0, 16)}`;

test.serial("the key decides the class, and the class the server", async (t) => {
  const chat = await ask(plane.open, { key: "key-chat" });
  t.is(chat.headers["x-simulator"], "engine-large");
  const contracts = await ask(plane.closed, { key: "key-contracts" });
  t.is(contracts.headers["x-simulator"], "engine-small");
  const tickets = await ask(plane.closed, { key: "key-tickets" });
  t.is(tickets.headers["x-simulator"], "engine-large");
});

const refusals: readonly [string, Call, number, string][] = [
  ["no key", {}, 401, "invalid_api_key"],
  ["a wrong key", { key: "wrong" }, 401, "invalid_api_key"],
  ["a key of no class", { key: "key-nowhere" }, 400, "unknown_task_class"],
  ["a key of the other proxy", { key: "key-contracts" }, 400, "unknown_task_class"],
  ["another path of the engine", { key: "key-chat", path: "/invocations" }, 404, "not_found"],
  ["metrics of the engine", { key: "key-chat", path: "/metrics", method: "GET" }, 404, "not_found"],
  ["a way round the path", { key: "key-chat", path: "/v1/../metrics" }, 404, "not_found"],
  ["another method", { key: "key-chat", method: "PUT" }, 404, "not_found"],
  ["a foreign path without a key", { path: "/tokenize" }, 404, "not_found"],
  ["too much", { key: "key-chat", body: "x".repeat(9_000_000) }, 413, "request_too_large"],
];

for (const [name, request, status, code] of refusals) {
  test.serial(`${name} is answered with ${status} in the form of the API`, async (t) => {
    const before = await simulator("large").state();
    const answer = await ask(plane.open, request);
    t.is(answer.status, status);
    t.is(answer.headers["content-type"], "application/json");
    t.like(JSON.parse(answer.text), { error: { code } });
    t.is((await simulator("large").state()).byPath["/invocations"], undefined);
    t.deepEqual((await simulator("large").state()).byModel, before.byModel);
  });
}

test.serial("an escaped slash and an absolute address are refused", async (t) => {
  const escaped = await ask(plane.open, { key: "key-chat", path: "/v1%2fchat/completions" });
  t.is(escaped.status, 400);
  const absolute = await ask(plane.open, {
    key: "key-chat",
    path: "https://gateway.test/v1/chat/completions",
  });
  t.is(absolute.status, 404);
});

const forgeries: readonly Call["headers"][] = [
  { "x-private-llm-client": "chat/blue" },
  { "x-private-llm-client": ["chat/blue", "summary/green"] },
  { "X-Private-LLM-Client": "chat/blue", "x-private-llm-class": "chat" },
];

for (const headers of forgeries) {
  test.serial(`a client cannot say who it is: ${JSON.stringify(headers)}`, async (t) => {
    const nowhere = await ask(plane.open, { key: "key-nowhere", headers: headers ?? {} });
    t.is(nowhere.status, 400);
    const nobody = await ask(plane.open, { headers: headers ?? {} });
    t.is(nobody.status, 401);
    await share({ chat: { own: 0, openai: 100 }, summary: { own: 100, azure: 0 } });
    const summary = await ask(plane.open, { key: "key-summary", headers: headers ?? {} });
    t.is(summary.headers["x-simulator"], "engine-large");
  });
}

test.serial("a backend sees its own key, and nothing that says who the client is", async (t) => {
  await share({ chat: { own: 0, openai: 100 }, summary: { own: 100, azure: 0 } });
  const headers = {
    "x-request-id": "forged",
    "x-forwarded-for": "192.0.2.1",
    "openai-organization": "other",
    "x-private-llm-egress": "key",
    "api-key": "own",
  };
  await ask(plane.open, { key: "key-chat", headers });
  await ask(plane.open, { key: "key-summary", headers });
  const [provider] = await simulator("openai").last(1);
  t.deepEqual(provider?.headers, {
    host: "api.openai.com",
    "content-type": "application/json",
    "content-length": provider?.headers["content-length"],
    authorization: hashed(`Bearer ${providerKeyOf("openai")}`),
  });
  const engine = (await simulator("large").last(9)).find(({ path }) => path.includes("chat"));
  t.is(engine?.headers.authorization, hashed(`Bearer ${engineKeyOf("large")}`));
  const names = Object.keys(engine?.headers ?? {}).filter((name) =>
    /private|key|forwarded-for|openai/.test(name),
  );
  t.deepEqual(names, []);
  t.not(engine?.headers["x-request-id"], "forged");
});

test.serial("a provider gets its own path, host and model name", async (t) => {
  await share({ chat: { own: 0, openai: 100 }, summary: { own: 0, azure: 100 } });
  await ask(plane.open, { key: "key-chat", path: "/v1/chat/completions?beta=1" });
  await ask(plane.open, { key: "key-summary" });
  const [openai] = await simulator("openai").last(1);
  t.like(openai, { path: "/v1/chat/completions", body: { model: "gpt-5" } });
  const [azure] = await simulator("azure").last(1);
  t.like(azure, {
    path: "/openai/deployments/gpt-5-mini/chat/completions",
    headers: { host: "house.openai.azure.com", "api-key": hashed(providerKeyOf("azure")) },
  });
  t.is(azure?.headers.authorization, undefined);
  t.deepEqual([...new Set(plane.forwardProxy.asked)], ["api.openai.com:443"]);
});

test.serial("half of the requests go to each backend", async (t) => {
  await share({ summary: { own: 50, azure: 50 } });
  let own = 0;
  for (let sent = 0; sent < 400; sent++) {
    const { status, headers } = await ask(plane.open, { key: "key-summary" });
    t.is(status, 200);
    if (headers["x-simulator"] === "engine-large") own++;
  }
  // 99.9 % of such samples lie within 3.3 standard deviations of 10.
  t.true(own > 167 && own < 233, `${own} of 400`);
});

for (const [name, key] of [
  ["an engine", "key-contracts"],
  ["a provider", "key-chat"],
] as const) {
  test.serial(`a stream of ${name} passes as it is made, not at its end`, async (t) => {
    await share({ chat: { own: 0, openai: 100 } });
    const body = JSON.stringify({
      model: "house-model",
      stream: true,
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 20,
    });
    const proxy = key === "key-chat" ? plane.open : plane.closed;
    const { response } = await open(proxy.port(ports.clients), { key, body });
    const arrivals: number[] = [];
    let end = "";
    for await (const chunk of response) {
      arrivals.push(performance.now());
      end = String(chunk);
    }
    t.is(response.statusCode, 200);
    t.true(end.endsWith("data: [DONE]\n\n"), end);
    t.true(arrivals.length > 5, `${arrivals.length} chunks`);
    t.true((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0) > 100, "all at once");
  });
}

for (const field of ["max_tokens", "max_completion_tokens"]) {
  test.serial(`an answer longer than the class allows is refused by ${field}`, async (t) => {
    const wish = (tokens: number) =>
      JSON.stringify({
        model: "house-model",
        messages: [{ role: "user", content: "Hello" }],
        [field]: tokens,
      });
    for (const [key, proxy] of [
      ["key-summary", plane.open],
      ["key-tickets", plane.closed],
    ] as const) {
      t.is((await ask(proxy, { key, body: wish(1024) })).status, 200, key);
      for (const tokens of [1025, 1e9]) {
        const refused = await ask(proxy, { key, body: wish(tokens) });
        t.is(refused.status, 400, refused.text);
        t.regex(refused.text, /max_tokens_exceeded/);
      }
    }
  });
}

test.serial("clients see one model name", async (t) => {
  const answer = await ask(plane.open, { key: "key-chat", path: "/v1/models", method: "GET" });
  t.is(answer.status, 200);
  t.like(JSON.parse(answer.text), { data: [{ id: "house-model" }] });
});

test.serial("new shares are in force in under two seconds, without a restart", async (t) => {
  await share({ summary: { own: 100, azure: 0 } });
  plane.share({ summary: { own: 0, azure: 100 } });
  const started = performance.now();
  const answer = await eventually(
    () => ask(plane.open, { key: "key-summary" }),
    ({ headers }) => headers["x-simulator"] === "provider-azure",
  );
  t.is(answer.headers["x-simulator"], "provider-azure");
  t.true(performance.now() - started < 2_000);
});

test.serial("metrics are there, and nothing else of the admin interface", async (t) => {
  const url = `http://127.0.0.1:${plane.open.port(ports.metrics)}`;
  t.true((await fetch(`${url}/stats/prometheus`)).ok);
  t.is((await fetch(`${url}/config_dump`)).status, 404);
  t.is((await fetch(`${url}/ready`, { method: "POST" })).status, 404);
});

test.serial("without a controller the last routes stay", async (t) => {
  await share({ summary: { own: 0, azure: 100 } });
  await plane.xds.stop();
  await sleep(1_500);
  const summary = await ask(plane.open, { key: "key-summary" });
  t.is(summary.headers["x-simulator"], "provider-azure");
  const contracts = await ask(plane.closed, { key: "key-contracts" });
  t.is(contracts.status, 200);
});
