import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { z } from "zod";
import { gatewayFiles } from "../../components/gateway/envoy/files.ts";
import { roadsOut } from "../../components/gateway/envoy/plan.ts";
import { ports } from "../../components/gateway/names.ts";
import { desiredRoutes, engineCluster } from "../../components/lib/migration/desired.ts";
import type { KubeClient } from "../../deploy/api/client.ts";
import { type Laboratory, laboratory } from "../deploy/support/real-cluster.ts";
import { call } from "../gateway/support/call.ts";
import { goodPlan } from "../gateway/support/plan.ts";
import {
  portOf,
  type RunningProxy,
  startPlane,
  startProxy,
  testClients,
} from "../gateway/support/plane.ts";
import { testSecrets } from "../gateway/support/secrets.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { deploy, prepare, until } from "./support/cluster.ts";
import { commandOn } from "./support/command-on.ts";
import { startController } from "./support/controller.ts";

/** Three gateways with exactly the rendered configuration, the real controller, the command as people type it. */

let lab: Laboratory;
let client: KubeClient;
let kubeconfig: string;

test.before(async (t) => {
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client, kubeconfig } = await lab.start("gateways"));
  await prepare(client);
  await deploy(client, desiredRoutes(goodPlan.gateway, goodPlan.models));
});

test.after.always(async () => {
  await lab?.close();
});

function traffic(...args: readonly string[]) {
  return commandOn("gateways", kubeconfig, "traffic", ...args);
}

/** Simulators and the egress gateway, and before them three open gateways that ask the real controller. */
async function site(t: ExecutionContext) {
  const plane = await startPlane();
  t.teardown(() => plane.stop());
  const at = (port: number) => [{ address: "127.0.0.1", port }];
  const engines = [...plane.engines].map(([name, { url }]) => [
    engineCluster(name),
    at(portOf(url)),
  ]);
  const roads = roadsOut(goodPlan).map(({ cluster, port }) => [
    cluster,
    at(plane.egress.port(port)),
  ]);
  const folder = await temporaryFolder(t, {
    "endpoints.json": JSON.stringify(Object.fromEntries([...engines, ...roads])),
  });
  const controller = await startController(kubeconfig, {
    endpoints: join(folder, "endpoints.json"),
  });
  t.teardown(() => controller.end("SIGKILL"));
  const { open: files } = gatewayFiles(goodPlan);
  if (files === undefined) throw new Error("no open gateway");
  const secrets = testSecrets(goodPlan, testClients);
  const known = { [`${goodPlan.controllerAddress}:${ports.xds}`]: controller.port };
  const gateways = await Promise.all(
    ["a", "b", "c"].map((name) =>
      startProxy(t, { name: `gateway-${name}`, folder: join(folder, name), files, secrets, known }),
    ),
  );
  return { plane, gateways, controller };
}

const streamed = JSON.stringify({
  model: "house-model",
  messages: [{ role: "user", content: "Hello" }],
  max_tokens: 16,
  stream: true,
});

/** One request; `x-simulator` says who answered it. */
async function ask(gateway: RunningProxy, body?: string) {
  const answer = await call(gateway.port(ports.clients), {
    key: "key-chat",
    ...(body === undefined ? {} : { body }),
  });
  const whole = body === undefined || answer.text.trimEnd().endsWith("data: [DONE]");
  return { who: String(answer.headers["x-simulator"]), ok: answer.status === 200 && whole, answer };
}

async function load(gateway: RunningProxy, signal: AbortSignal) {
  const seen = { who: [] as string[], broken: [] as string[] };
  while (!signal.aborted) {
    const { who, ok, answer } = await ask(
      gateway,
      seen.who.length % 2 === 0 ? streamed : undefined,
    );
    seen.who.push(who);
    if (!ok) seen.broken.push(`HTTP ${answer.status} from ${who}: ${answer.text.slice(-200)}`);
  }
  return seen;
}

/** Who answers streams at all gateways. Until an engine has passed its first check, its stand-in does. */
function answerers(gateways: readonly RunningProxy[]): Promise<string> {
  const look = async () => {
    const said = await Promise.all(gateways.map((gateway) => ask(gateway, streamed)));
    return [...new Set(said.map(({ who, ok }) => (ok ? who : "a broken answer")))].join(" and ");
  };
  return until(look, "engine-large");
}

const changed = z.object({ seconds: z.number(), progress: z.object({ kind: z.string() }) });

async function inForce(t: ExecutionContext, ...args: readonly string[]): Promise<number> {
  const { code, stdout, stderr } = await traffic(...args, "--json");
  t.is(code, 0, stdout + stderr);
  const { seconds, progress } = changed.parse(JSON.parse(stdout));
  t.is(progress.kind, "in-force");
  return seconds;
}

test("promotion, changes and rollback under load break no answer and no stream", async (t) => {
  t.timeout(180_000);
  const { gateways } = await site(t);
  const ending = new AbortController();
  const users = gateways.map((gateway) => load(gateway, ending.signal));
  const times = [await inForce(t, "promote", "full", "chat")];
  t.is(await answerers(gateways), "engine-large");
  for (let flip = 0; flip < 10; flip++) {
    const weights = flip % 2 === 0 ? "own=10,openai=90" : "own=90,openai=10";
    times.push(await inForce(t, "set", "chat", `--weights=${weights}`, "--reason=flip"));
  }
  times.push(await inForce(t, "rollback", "--all"));
  const back = await Promise.all(gateways.flatMap((gateway) => [ask(gateway), ask(gateway)]));
  t.deepEqual([...new Set(back.map(({ who }) => who))], ["provider-openai"]);
  ending.abort();
  const seen = await Promise.all(users);
  t.deepEqual(
    seen.flatMap(({ broken }) => broken),
    [],
  );
  const who = seen.flatMap((one) => one.who);
  t.true(who.includes("engine-large") && who.includes("provider-openai"));
  t.log(
    `${who.length} requests, half of them streams, none broken; seconds until in force: ${times.join(", ")}`,
  );
  t.true(Math.max(...times) < 10);
});

test("with the controller gone the gateways serve on with the last routes", async (t) => {
  t.timeout(120_000);
  const { gateways, controller } = await site(t);
  await inForce(t, "promote", "full", "chat");
  t.is(await answerers(gateways), "engine-large");
  await controller.end("SIGKILL");
  await sleep(2500);
  t.is(await answerers(gateways), "engine-large");
});
