import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { z } from "zod";
import { eitherCluster } from "../../components/gateway/envoy/routes.ts";
import type { KubeClient } from "../../deploy/api/client.ts";
import { type Laboratory, laboratory } from "../deploy/support/real-cluster.ts";
import { desiredOf, local, outside } from "../migration/support/desired.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { deploy, deployText, prepare, until } from "./support/cluster.ts";
import { commandOn } from "./support/command-on.ts";
import { startController } from "./support/controller.ts";
import { ask, type Proxy, startProxies } from "./support/proxies.ts";
import { type Upstream, upstream } from "./support/upstreams.ts";

/** The commands, the controller, a real API server and real proxies. */

let lab: Laboratory;
let client: KubeClient;
let kubeconfig: string;

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client, kubeconfig } = await lab.start("traffic"));
  await prepare(client);
});

test.after.always(async () => {
  await lab?.close();
});

function traffic(...args: readonly string[]) {
  return commandOn("traffic", kubeconfig, "traffic", ...args);
}

interface Site {
  readonly proxies: readonly Proxy[];
  readonly engine: Upstream;
  readonly provider: Upstream;
  readonly endpoints: string;
  readonly controller: Awaited<ReturnType<typeof startController>>;
}

async function site(t: ExecutionContext, count: number): Promise<Site> {
  await deploy(client, desiredOf());
  const [engine, provider] = await Promise.all([upstream(t, "engine"), upstream(t, "provider")]);
  const address = "127.0.0.1";
  const folder = await temporaryFolder(t, {
    "endpoints.json": JSON.stringify({
      [local]: [{ address, port: engine.port }],
      [outside]: [{ address, port: provider.port }],
    }),
  });
  const endpoints = join(folder, "endpoints.json");
  const controller = await startController(kubeconfig, { endpoints });
  t.teardown(() => controller.end("SIGKILL"));
  const proxies = await startProxies(t, count, controller.port, [
    local,
    outside,
    eitherCluster(outside, local),
  ]);
  return { proxies, engine, provider, controller, endpoints };
}

const changed = z.object({ seconds: z.number(), progress: z.object({ kind: z.string() }) });

/** Who answers each proxy now. */
async function answerers(proxies: readonly Proxy[], taskClass = "log-analysis"): Promise<string[]> {
  return Promise.all(proxies.map(async (proxy) => (await ask(proxy, taskClass)).text()));
}

test("a change is in force on three proxies within seconds, and the command says when", async (t) => {
  const { proxies } = await site(t, 3);
  t.deepEqual(await answerers(proxies), ["provider", "provider", "provider"]);
  const set = await traffic(
    "set",
    "log-analysis",
    "--weights",
    "self-hosted=100",
    "--reason",
    "a test",
    "--json",
  );
  t.is(set.code, 0, set.stdout + set.stderr);
  const { seconds, progress } = changed.parse(JSON.parse(set.stdout));
  t.is(progress.kind, "in-force");
  t.log(`in force on three proxies after ${seconds} s`);
  t.true(seconds < 10);
  t.deepEqual(await answerers(proxies), ["engine", "engine", "engine"]);
  const back = await traffic("rollback", "--all");
  t.is(back.code, 0, back.stdout + back.stderr);
  t.log(back.stdout);
  t.deepEqual(await answerers(proxies), ["provider", "provider", "provider"]);
  const status = await traffic("status");
  t.log(status.stdout);
  t.is(status.code, 0, status.stdout);
});

/** Requests one after the other until told to end; every third one is a stream that takes a while. */
async function load(proxy: Proxy, signal: AbortSignal) {
  const seen = { requests: 0, broken: [] as string[] };
  while (!signal.aborted) {
    seen.requests++;
    const pieces = seen.requests % 3 === 0 ? 15 : 1;
    try {
      const response = await ask(proxy, "log-analysis", { "x-pieces": String(pieces) });
      const text = await response.text();
      const whole = ["engine", "provider"].map((name) => name.repeat(pieces));
      if (response.status !== 200 || !whole.includes(text)) {
        seen.broken.push(`HTTP ${response.status}: ${text}`);
      }
    } catch (error) {
      seen.broken.push(String(error));
    }
  }
  return seen;
}

test("ten changes and a rollback under load break no request and no stream", async (t) => {
  const { proxies, engine, provider } = await site(t, 3);
  const ending = new AbortController();
  const users = [...proxies, ...proxies].map((proxy) => load(proxy, ending.signal));
  const times: number[] = [];
  for (let flip = 0; flip < 10; flip++) {
    const weights = flip % 2 === 0 ? "self-hosted=100" : "self-hosted=10,gpt-4-turbo=90";
    const said = await traffic(
      "set",
      "log-analysis",
      "--weights",
      weights,
      "--reason",
      "flip",
      "--json",
    );
    t.is(said.code, 0, said.stdout + said.stderr);
    times.push(changed.parse(JSON.parse(said.stdout)).seconds);
  }
  t.true(engine.count() > 0 && provider.count() > 0);
  const back = await traffic("rollback", "log-analysis", "--json");
  times.push(changed.parse(JSON.parse(back.stdout)).seconds);
  // Streams that began before may still run; no new request reaches the engine.
  const before = engine.count();
  await sleep(1000);
  t.is(engine.count(), before);
  ending.abort();
  const seen = await Promise.all(users);
  const requests = seen.reduce((sum, one) => sum + one.requests, 0);
  t.deepEqual(
    seen.flatMap(({ broken }) => broken),
    [],
  );
  t.true(requests > 100);
  t.log(`${requests} requests, none broken; seconds until in force: ${times.join(", ")}`);
  t.true(Math.max(...times) < 10);
});

test("a changed stack voids the override on every proxy, and the status says so", async (t) => {
  const { proxies } = await site(t, 2);
  const set = await traffic("set", "log-analysis", "--weights", "self-hosted=100", "--reason", "x");
  t.is(set.code, 0, set.stdout + set.stderr);
  t.deepEqual(await answerers(proxies), ["engine", "engine"]);
  await deploy(client, { ...desiredOf(), publicModel: "another" });
  const wanted = await until(async () => (await answerers(proxies)).join(" "), "provider provider");
  t.is(wanted, "provider provider");
  const status = await traffic("status");
  t.is(status.code, 1);
  t.regex(status.stdout, /! override VOID, .*the stack changed since/);
  const again = await traffic("promote", "full", "log-analysis");
  t.is(again.code, 0, again.stdout + again.stderr);
  t.deepEqual(await answerers(proxies), ["engine", "engine"]);
});

test("desired routes that nobody can read change nothing", async (t) => {
  const { proxies, controller } = await site(t, 1);
  const before = await answerers(proxies);
  await deployText(client, "{");
  const health = `http://127.0.0.1:${controller.healthPort}/healthz`;
  const fault = await until(
    async () => String((await (await fetch(health)).text()).includes("is no JSON")),
    "true",
  );
  t.is(fault, "true");
  t.is((await fetch(health)).status, 200);
  t.deepEqual(await answerers(proxies), before);
  const refused = await traffic("rollback", "--all");
  t.is(refused.code, 2);
  t.regex(refused.stderr, /gateway-desired: desired.json is no JSON; deploy the stack again/);
});

test("while the controller is dead the last routes stay, and the next one goes on from there", async (t) => {
  const { proxies, controller, endpoints } = await site(t, 2);
  const set = await traffic("set", "log-analysis", "--weights", "self-hosted=100", "--reason", "x");
  t.is(set.code, 0, set.stdout + set.stderr);
  await controller.end("SIGKILL");
  await sleep(1500);
  t.deepEqual(await answerers(proxies), ["engine", "engine"]);
  const late = await traffic("rollback", "log-analysis", "--timeout", "1");
  t.is(late.code, 1);
  t.regex(late.stdout, /still behind: the route controller, which reported last at /);
  t.deepEqual(await answerers(proxies), ["engine", "engine"]);
  const next = await startController(kubeconfig, { endpoints, port: controller.port });
  t.teardown(() => next.end("SIGKILL"));
  const caught = await until(async () => (await answerers(proxies)).join(" "), "provider provider");
  t.is(caught, "provider provider");
  t.is(await next.end(), 0);
  t.regex(next.log.at(-1) ?? "", /"message":"ended"/);
});

test("the whole history of these tests is one chain that holds", async (t) => {
  const history = await traffic("history", "--verify");
  t.is(history.code, 0, history.stdout);
  t.regex(history.stdout, /private-llm-admin {2}set: flip/);
  t.regex(history.stdout, /the chain of \d+ records holds/);
});
