import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { startSimulator } from "../../tools/simulator/process.ts";
import { repository } from "../support/repository-copy.ts";
import { chat, client, eventually, post, simulator } from "./support/simulators.ts";

test("on SIGTERM running requests end, late ones are cut off, and the exit code is 0", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8", shutdownTimeout: 10 });
  const early = client(it).chat.completions.create({ ...chat, max_tokens: 12 });
  await eventually(async () => (await it.state()).running === 1);
  const ended = it.stop();
  await eventually(async () => (await it.state()).draining);
  t.is((await fetch(`${it.url}/health`)).status, 200);
  const late = await client(it).chat.completions.create(chat);
  t.is(String(late.choices[0]?.finish_reason), "abort");
  t.is(late.usage?.completion_tokens, 0);
  t.is((await early).usage?.completion_tokens, 12);
  t.is(await ended, 0);
});

test("after the timeout of a drain the rest is cut off", async (t) => {
  const it = await simulator(t, { latency: "a100-tp4", shutdownTimeout: 1 });
  const request = { ...chat, stream: true as const, max_tokens: 1000, ignore_eos: true };
  const stream = await client(it).chat.completions.create(request);
  const start = performance.now();
  const ended = it.stop();
  let finish: string | null | undefined;
  for await (const { choices } of stream) finish = choices[0]?.finish_reason;
  t.is(finish, "abort");
  t.is(await ended, 0);
  const took = performance.now() - start;
  t.true(took > 900 && took < 4000, `${took} ms`);
});

test("without a timeout a drain cuts off at once, as the engine's default does", async (t) => {
  const it = await simulator(t, { latency: "a100-tp8" });
  const running = post(it.url, chat);
  await eventually(async () => (await it.state()).running === 1);
  t.is(await it.stop(), 0);
  t.regex(await (await running).text(), /"finish_reason":"abort"/);
});

test("a wedged simulator ends all the same", async (t) => {
  const it = await simulator(t);
  await it.fault({ kind: "wedge" });
  const held = post(it.url, chat);
  await eventually(async () => (await it.state()).waiting === 1);
  t.is(await it.stop(), 0);
  await held;
});

/** Another process that starts a simulator and prints where it is. */
async function starter(more: string) {
  const module = path.join(repository, "tools/simulator/process.ts");
  const script = `const { startSimulator } = await import(${JSON.stringify(module)});
    const it = await startSimulator({ models: ["m"], ${more} });
    console.log(it.url + " " + it.pid);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = String((await once(createInterface({ input: parent.stdout }), "line"))[0]);
  const [url = "", pid] = line.split(" ");
  return { parent, url, pid: Number(pid) };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}

test("a simulator ends with the process that started it, even where that is killed", async (t) => {
  const { parent, url } = await starter("");
  t.true(await answers(url));
  parent.kill("SIGKILL");
  await t.notThrowsAsync(eventually(async () => !(await answers(url))));
});

test("a detached simulator outlives the process that started it, until SIGTERM", async (t) => {
  const { parent, url, pid } = await starter("detached: true");
  if (parent.exitCode === null) await once(parent, "exit");
  t.is(parent.exitCode, 0);
  await sleep(100);
  t.true(await answers(url));
  process.kill(pid, "SIGTERM");
  await t.notThrowsAsync(eventually(async () => !(await answers(url))));
});

test("a simulator that refuses connections ends as well", async (t) => {
  const it = await simulator(t);
  await it.fault({ kind: "refuse" });
  t.is(await it.stop(), 0);
});

test("stopping twice is stopping once", async (t) => {
  const it = await startSimulator({ models: ["m"] });
  t.deepEqual([await it.stop(), await it.stop()], [0, 0]);
});
