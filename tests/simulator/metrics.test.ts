import test from "ava";
import { vllmMetrics } from "../../components/engines/vllm-metrics.ts";
import {
  chat,
  client,
  eventually,
  labels,
  metrics,
  post,
  simulator,
} from "./support/simulators.ts";

test("every metric that rules and dashboards use is exported", async (t) => {
  const names = new Set(
    [...(await metrics(await simulator(t))).keys()].map((series) => series.split("{")[0]),
  );
  t.deepEqual(
    Object.values(vllmMetrics).filter((name) => !names.has(name)),
    [],
  );
});

test("the bound of five seconds is written as the gates look for it", async (t) => {
  const series = await metrics(await simulator(t));
  const bounds = [...series.keys()].flatMap(
    (name) => /^vllm:e2e_request_latency_seconds_bucket\{.*le="(.*)"\}$/.exec(name)?.[1] ?? [],
  );
  t.is(bounds.length, 22);
  t.deepEqual(bounds.slice(0, 9), ["0.3", "0.5", "0.8", "1.0", "1.5", "2.0", "2.5", "5.0", "10.0"]);
  t.is(bounds.at(-1), "+Inf");
});

test("requests move the counters and histograms by what they were", async (t) => {
  const it = await simulator(t);
  for (let request = 0; request < 3; request++) await post(it.url, chat);
  await post(it.url, { ...chat, max_tokens: 4 });
  const now = await metrics(it);
  const value = (name: string, more = "") => now.get(`vllm:${name}{${labels}${more}}`);
  t.is(value("prompt_tokens_total"), 4 * 6);
  t.is(value("generation_tokens_total"), 3 * 32 + 4);
  t.is(value("request_success_total", ',finished_reason="stop"'), 3);
  t.is(value("request_success_total", ',finished_reason="length"'), 1);
  t.is(value("e2e_request_latency_seconds_count"), 4);
  t.is(value("e2e_request_latency_seconds_bucket", ',le="0.3"'), 4);
  t.is(value("time_to_first_token_seconds_count"), 4);
  t.is(value("inter_token_latency_seconds_count"), 3 * 31 + 3);
  t.is(value("request_generation_tokens_bucket", ',le="5.0"'), 1);
});

test("running, waiting and cache use show what is going on", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8", maxNumSeqs: 2 });
  const all = [1, 2, 3].map(() => post(it.url, { ...chat, max_tokens: 4 }));
  await eventually(async () => (await it.state()).requests === 3);
  const now = await metrics(it);
  t.is(now.get(`vllm:num_requests_running{${labels}}`), 2);
  t.is(now.get(`vllm:num_requests_waiting{${labels}}`), 1);
  t.true((now.get(`vllm:kv_cache_usage_perc{${labels}}`) ?? 0) > 0);
  await Promise.all(all);
  const after = await metrics(it);
  t.is(after.get(`vllm:num_requests_running{${labels}}`), 0);
  const queued = after.get(`vllm:request_queue_time_seconds_sum{${labels}}`) ?? 0;
  t.true(queued > 0.25 && queued < 1.5, `${queued} s`);
});

test("the label names the first model, as the engine's does", async (t) => {
  const it = await simulator(t, { models: ["m", "alias"] });
  await client(it).chat.completions.create({ ...chat, model: "alias" });
  t.is((await metrics(it)).get(`vllm:generation_tokens_total{${labels}}`), 32);
});

test("a provider has no metrics, no health page and no engine paths", async (t) => {
  const { url } = await simulator(t, { role: "provider" });
  for (const path of ["/metrics", "/health", "/version", "/tokenize", "/invocations"])
    t.is((await fetch(`${url}${path}`)).status, 404, path);
});
