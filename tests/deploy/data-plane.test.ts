import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { clusterLayout } from "../../tools/cluster/control-plane/layout.ts";
import { identify } from "../../tools/cluster/lib/process-identity.ts";
import { redisServer } from "../../tools/data-plane/binaries/redis.ts";
import { dataPlaneFolder, dataPlaneRecords } from "../../tools/data-plane/folders.ts";
import { runningServices } from "../../tools/data-plane/recorded.ts";
import { reportOf, setFault, simulatorsOf } from "../../tools/data-plane/simulators.ts";
import { command } from "../support/command.ts";
import { repository } from "../support/repository-copy.ts";
import { type Laboratory, laboratory } from "./support/real-cluster.ts";

/** The gateway of stack dev as `make up` runs it: real API server, controller and Envoy; simulators behind. */

let lab: Laboratory;
let clusterFolder: string;
let said = "";

test.before(async (t) => {
  t.timeout(30 * 60_000);
  lab = await laboratory();
  await lab.start("dev");
  clusterFolder = clusterLayout("dev", lab.env).root;
  const { code, stdout, stderr } = await run("up", "dev", "--engine", "ssa");
  t.is(code, 0, stderr);
  said = stdout;
});

test.after.always(async () => {
  await lab?.close();
});

function run(...args: readonly string[]) {
  return command(repository, args, lab.env);
}

/** Addresses as `up` printed them, by replica. */
function urlOf(replica: string): URL {
  const found = new RegExp(`(https://\\S+) +${replica}$`, "m").exec(said)?.[1];
  if (found === undefined) throw new Error(`up did not say where ${replica} is:\n${said}`);
  return new URL(found);
}

async function ask(replica: string, key: string): Promise<{ status: number; answer: string }> {
  const authority = /certificate authority: (\S+)/.exec(said)?.[1] ?? "";
  const { hostname, port } = urlOf(replica);
  const body = JSON.stringify({
    model: "private-llm",
    messages: [{ role: "user", content: "hello" }],
    max_tokens: 2,
  });
  const outgoing = request({
    hostname,
    port,
    path: "/v1/chat/completions",
    method: "POST",
    ca: await readFile(authority),
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
  outgoing.end(body);
  return new Promise((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      void text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, answer }),
        reject,
      );
    });
  });
}

async function issue(taskClass: string): Promise<string> {
  const { code, stdout, stderr } = await run(
    "keys",
    "issue",
    "--team",
    "red",
    "--class",
    taskClass,
  );
  if (code !== 0) throw new Error(stderr);
  return /pllm_[\w-]+/.exec(stdout)?.[0] ?? "";
}

/**
 * Until the kubelet has brought a key, for which a real one takes a minute, and until a gateway that has just
 * started has found its engine alive.
 */
async function answered(replica: string, key: string) {
  for (let attempt = 0; ; attempt++) {
    const answer = await ask(replica, key);
    if (![401, 503].includes(answer.status) || attempt === 200) return answer;
    await sleep(100);
  }
}

async function simulator(name: string) {
  const found = (await simulatorsOf(dataPlaneFolder(clusterFolder))).find(
    (each) => each.name === name,
  );
  if (found === undefined) throw new Error(`no simulator ${name}`);
  return found;
}

async function requestsAt(name: string): Promise<number> {
  return (await reportOf(await simulator(name)))?.requests ?? Number.NaN;
}

test("up names the processes that are real and where the gateway is", (t) => {
  const counting = redisServer() === undefined ? [] : ["gateway-counter", "gateway-limits"];
  const gateways = ["gateway-1", "gateway-2", "gateway-closed-1", "gateway-routes"];
  for (const name of [...gateways, ...counting]) {
    t.regex(said, new RegExp(`${name} \\(process \\d+\\)`));
  }
  t.is(urlOf("gateway-1").protocol, "https:");
});

test("without a key nobody is answered", async (t) => {
  t.is((await ask("gateway-1", "pllm_guessed")).status, 401);
});

test("in phase poc the provider answers, and after one command the model does", async (t) => {
  const key = await issue("log-analysis");
  t.is((await answered("gateway-1", key)).status, 200);
  t.is((await answered("gateway-2", key)).status, 200);
  t.is(await requestsAt("openai"), 2);
  const shares = "self-hosted=100,gpt-4-turbo=0";
  const change = ["set", "log-analysis", "--weights", shares, "--reason", "a test"];
  const set = await run("traffic", ...change);
  t.is(set.code, 0, set.stderr);
  t.regex(set.stdout, /in force on all 2 gateway replicas/);
  t.is((await answered("gateway-1", key)).status, 200);
  t.is((await answered("gateway-2", key)).status, 200);
  t.is(await requestsAt("openai"), 2);
  const back = await run("traffic", "rollback", "log-analysis");
  t.is(back.code, 0, back.stderr);
  t.is((await ask("gateway-2", key)).status, 200);
  t.is(await requestsAt("openai"), 3);
});

test("a restricted class is refused rather than answered outside", async (t) => {
  const key = await issue("contract-review");
  t.is((await answered("gateway-closed-1", key)).status, 200);
  t.is((await ask("gateway-1", key)).status, 401);
  const before = await requestsAt("openai");
  const engine = await simulator("llama-3-70b");
  t.is(await setFault(engine, { kind: "refuse" }), undefined);
  t.teardown(() => setFault(engine, { kind: "none" }));
  const { status, answer } = await ask("gateway-closed-1", key);
  t.is(status, 503);
  t.regex(answer, /"error"/);
  t.is(await requestsAt("openai"), before);
});

test("a revoked key is worth nothing", async (t) => {
  const key = await issue("code-generation");
  t.is((await answered("gateway-1", key)).status, 200);
  const listed = await run("keys", "list");
  const id = /(k-[0-9a-f]+).*code-generation/.exec(listed.stdout)?.[1] ?? "";
  t.is((await run("keys", "revoke", id)).code, 0);
  let status = 200;
  for (let attempt = 0; status !== 401 && attempt < 100; attempt++) {
    ({ status } = await ask("gateway-1", key));
    await sleep(100);
  }
  t.is(status, 401);
});

test("a second up starts nothing anew", async (t) => {
  const before = await runningServices(dataPlaneRecords(clusterFolder));
  const { code, stderr } = await run("up", "dev", "--engine", "ssa");
  t.is(code, 0, stderr);
  t.regex(stderr, /data plane: runs as the stack wants it/);
  t.deepEqual(await runningServices(dataPlaneRecords(clusterFolder)), before);
});

test("down ends every process", async (t) => {
  const before = await runningServices(dataPlaneRecords(clusterFolder));
  t.true(before.length > 5);
  const { code, stdout, stderr } = await run("down", "dev");
  t.is(code, 0, stderr);
  for (const { name, pid } of before) {
    t.true(stdout.includes(`${name} (process ${pid})`), stdout);
    t.is(identify(pid), undefined, `${name} still runs`);
  }
});
