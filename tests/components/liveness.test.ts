import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import test, { type ExecutionContext } from "ava";
import {
  oneTokenCommand,
  type ProbeSchedule,
  probeLimits,
  probeSeconds,
  restartSeconds,
} from "../../components/lib/one-token-probe.ts";
import type { RunningSimulator } from "../../tools/simulator/process.ts";
import { chat, eventually, keyFile, post, simulator } from "../simulator/support/simulators.ts";

/** The very program of the probe against the simulator, as the kubelet would run it; only its waits are shorter. */
const limits = { token: 1, metrics: 1 };
const key = "k-1";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const withPython = hasPython ? test : test.skip;

async function engine(t: ExecutionContext, options: Parameters<typeof simulator>[1] = {}) {
  return simulator(t, { apiKeyFile: await keyFile(t, key), ...options });
}

async function probed({ url }: RunningSimulator): Promise<unknown> {
  const port = Number(new URL(url).port);
  const [python = "", ...words] = oneTokenCommand({ servedName: "m", port }, limits);
  const env = { PATH: process.env["PATH"], VLLM_API_KEY: key };
  const [code] = await once(spawn(python, words, { env, stdio: "ignore" }), "exit");
  return code;
}

const ask = (it: RunningSimulator, body: object = {}) =>
  post(it.url, { ...chat, ...body }, { authorization: `Bearer ${key}` });

withPython("an engine that answers is alive", async (t) => {
  t.is(await probed(await engine(t)), 0);
});

withPython("an engine whose queue is full is alive, however long that lasts", async (t) => {
  const it = await engine(t);
  await it.fault({ kind: "full" });
  const seconds = process.env["PRIVATE_LLM_LONG_TESTS"] === "1" ? 300 : 5;
  t.timeout((seconds + 30) * 1000);
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) t.is(await probed(it), 0);
  await it.fault({ kind: "status", status: 429 });
  t.is(await probed(it), 0);
});

withPython(
  "an engine that is too slow for the check but generates for others is alive",
  async (t) => {
    const it = await engine(t, { latency: "a100-tp8", maxNumSeqs: 1 });
    const held = ask(it, { max_tokens: 4000, ignore_eos: true });
    await eventually(async () => (await it.state()).running === 1);
    t.is(await probed(it), 0);
    t.is((await it.state()).completed, 0);
    void held.catch(() => undefined);
  },
);

withPython("an engine that accepts and generates nothing for anybody is dead", async (t) => {
  const it = await engine(t, { latency: "a100-tp8" });
  const held = ask(it, { max_tokens: 4000, ignore_eos: true });
  await eventually(async () => (await it.state()).running === 1);
  await it.fault({ kind: "wedge" });
  t.is((await fetch(`${it.url}/health`)).status, 200);
  t.not(await probed(it), 0);
  await it.fault({ kind: "none" });
  t.is(await probed(it), 0);
  void held.catch(() => undefined);
});

withPython("an engine that refuses, resets or fails is dead", async (t) => {
  const it = await engine(t);
  await it.fault({ kind: "reset" });
  t.not(await probed(it), 0);
  await it.fault({ kind: "status", status: 500 });
  t.not(await probed(it), 0);
  await it.fault({ kind: "refuse" });
  t.not(await probed(it), 0);
});

test("the check takes its longest where the engine takes all it may", (t) => {
  t.is(probeSeconds(), probeLimits.token + 2 * probeLimits.metrics);
  t.is(probeSeconds({ token: 1, metrics: 2 }), 5);
});

test("a restart comes after the failures that it takes, each as long as period or timeout", (t) => {
  const schedule: ProbeSchedule = { periodSeconds: 60, timeoutSeconds: 10, failureThreshold: 3 };
  t.is(restartSeconds(schedule), 240);
  t.is(restartSeconds({ ...schedule, timeoutSeconds: 100 }), 360);
});
