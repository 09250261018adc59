import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { routedClass, taskClassRoutes } from "../../../components/gateway/envoy/routes.ts";
import type { RouteConfiguration } from "../../../components/gateway/envoy/types.ts";
import { ports } from "../../../components/gateway/names.ts";
import { desiredRoutes } from "../../../components/lib/migration/desired.ts";
import type { FaultRequest } from "../../../tools/simulator/process.ts";
import { type Answer, type Call, call } from "../support/call.ts";
import { eventually } from "../support/eventually.ts";
import { goodPlan } from "../support/plan.ts";
import { type Plane, startPlane } from "../support/plane.ts";

const plan = { ...goodPlan, health: { intervalSeconds: 1, timeoutSeconds: 2 } };
let plane: Plane;

test.before(async () => {
  plane = await startPlane(plan);
  plane.share({ chat: { own: 100, openai: 0 }, summary: { own: 100, azure: 0 } });
});
test.after.always(() => plane.stop());

test.beforeEach(async () => {
  for (const engine of plane.engines.values()) await engine.fault({ kind: "none" });
  for (const [key, proxy] of [
    ["key-chat", plane.open],
    ["key-summary", plane.open],
    ["key-tickets", plane.closed],
    ["key-contracts", plane.closed],
  ] as const) {
    await eventually(
      () => ask(key, proxy),
      ({ headers, status }) =>
        status === 200 && String(headers["x-simulator"]).startsWith("engine-"),
    );
  }
  for (const provider of plane.providers.values()) await provider.resetCounters();
});

const ask = (key: string, proxy = plane.open, options: Call = {}): Promise<Answer> =>
  call(proxy.port(ports.clients), { ...options, key });

async function breakEngines(fault: FaultRequest): Promise<void> {
  for (const engine of plane.engines.values()) await engine.fault(fault);
}

async function providerRequests(): Promise<number> {
  let sum = 0;
  for (const provider of plane.providers.values()) sum += (await provider.state()).requests;
  return sum;
}

const faults: Readonly<Record<string, FaultRequest>> = {
  "refuses connections": { kind: "refuse" },
  "resets connections": { kind: "reset" },
  "has a full queue": { kind: "full" },
  "answers 503": { kind: "status", status: 503 },
};

for (const [name, fault] of Object.entries(faults)) {
  test.serial(`an engine ${name}: the provider answers where the class allows it`, async (t) => {
    await breakEngines(fault);
    for (let sent = 0; sent < 6; sent++) {
      const { status, headers } = await ask("key-chat");
      t.is(status, 200);
      t.is(headers["x-simulator"], "provider-openai");
    }
    t.is((await ask("key-summary")).status, 503);
  });

  test.serial(`an engine ${name}: nothing of a closed class reaches a provider`, async (t) => {
    await breakEngines(fault);
    for (const key of ["key-tickets", "key-contracts"]) {
      for (let sent = 0; sent < 20; sent++) {
        const { status, milliseconds } = await ask(key, plane.closed);
        t.true(status >= 500);
        t.true(milliseconds < 1_000, `${milliseconds} ms`);
      }
    }
    t.is(await providerRequests(), 0);
  });
}

test.serial(
  "without a server a closed class gets 503 at once, in the form of the API",
  async (t) => {
    await breakEngines({ kind: "refuse" });
    const answer = await eventually(
      () => ask("key-contracts", plane.closed),
      ({ text }) => text.includes("no_backend_available"),
    );
    t.is(answer.status, 503);
    t.true(answer.milliseconds < 1_000);
    t.like(JSON.parse(answer.text), {
      error: { type: "server_error", code: "no_backend_available" },
    });
  },
);

test.serial(
  "a wedged engine is taken out though its connections and /health are fine",
  async (t) => {
    await breakEngines({ kind: "wedge" });
    // Two checks of 2 s, a second apart; until then a request waits.
    await sleep(6_500);
    const chat = await ask("key-chat");
    t.is(chat.headers["x-simulator"], "provider-openai");
    t.true(chat.milliseconds < 1_000);
    const contracts = await ask("key-contracts", plane.closed);
    t.is(contracts.status, 503);
    t.true(contracts.milliseconds < 1_000);
  },
);

test.serial("an engine that returns gets its requests back", async (t) => {
  await breakEngines({ kind: "refuse" });
  await eventually(
    () => ask("key-contracts", plane.closed),
    ({ status }) => status === 503,
  );
  await breakEngines({ kind: "none" });
  const started = performance.now();
  const back = await eventually(
    () => ask("key-chat"),
    ({ headers }) => headers["x-simulator"] === "engine-large",
  );
  t.is(back.headers["x-simulator"], "engine-large");
  t.true(performance.now() - started < 5_000);
});

test.serial("a full queue is a sign of life: nobody is taken out", async (t) => {
  await breakEngines({ kind: "full" });
  const until = performance.now() + 5_000;
  while (performance.now() < until) {
    // The engine's own answer: it was asked.
    const { headers, status } = await ask("key-contracts", plane.closed);
    t.is(status, 503);
    t.is(headers["x-simulator"], "engine-small");
  }
  t.is(await taken(plane.closed), 0);
});

async function taken(proxy: Plane["open"]): Promise<number> {
  const url = `http://127.0.0.1:${proxy.port(ports.admin)}/clusters?format=json`;
  const text = await (await fetch(url)).text();
  return (text.match(/"failed_(?:active_health_check|outlier_check)":\s*true/g) ?? []).length;
}

test.serial("an attempt without a byte is lost, and the provider answers", async (t) => {
  const { classes } = desiredRoutes(plan.gateway, plan.models);
  const routed = classes
    .filter(({ name }) => name === "chat")
    .map((one) => routedClass(one, { own: 100, openai: 0 }));
  const routes = taskClassRoutes(routed, "house-model");
  // A minute is too long for a test; the health check would see the engine first.
  plane.xds.setRoutes(impatient(routes));
  await sleep(600);
  await breakEngines({ kind: "wedge" });
  const { status, headers } = await ask("key-chat");
  t.is(status, 200);
  t.is(headers["x-simulator"], "provider-openai");
});

function impatient(routes: RouteConfiguration): RouteConfiguration {
  return {
    ...routes,
    virtual_hosts: routes.virtual_hosts.map((host) => ({
      ...host,
      routes: host.routes.map((route) =>
        route.route?.retry_policy === undefined
          ? route
          : {
              ...route,
              route: {
                ...route.route,
                retry_policy: { ...route.route.retry_policy, per_try_idle_timeout: "1s" },
              },
            },
      ),
    })),
  };
}
