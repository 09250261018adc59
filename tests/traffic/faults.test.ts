import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { type RunningSimulator, startSimulator } from "../../tools/simulator/process.ts";
import { eventually } from "../gateway/support/eventually.ts";
import { goodPlan } from "../gateway/support/plan.ts";
import { type Plane, portOf, startPlane } from "../gateway/support/plane.ts";
import { type Client, client, type Outcome, sendMany } from "./support/client.ts";
import { answered, atProviders, resetCounters } from "./support/counts.ts";
import { drive } from "./support/drive.ts";
import { type ExpectedFault, faultTable } from "./support/fault-table.ts";
import { inForce } from "./support/in-force.ts";

/** Faster checks than a cluster's 5 s and 30 s, so that a test need not wait for minutes. */
const plan = { ...goodPlan, health: { intervalSeconds: 1, timeoutSeconds: 2 } };
const classes = ["chat", "summary", "tickets", "contracts"] as const;
type ClassName = (typeof classes)[number];
let plane: Plane;
let clients: Readonly<Record<ClassName, Client>>;
/** A killed engine is started again, as another process. */
const engines = new Map<string, RunningSimulator>();

test.before(async () => {
  plane = await startPlane(plan);
  for (const [name, engine] of plane.engines) engines.set(name, engine);
  plane.share({ chat: { own: 100, openai: 0 }, summary: { own: 100, azure: 0 } });
  await inForce(plane.open, "summary", 100);
  const of = (name: ClassName) =>
    client(["chat", "summary"].includes(name) ? plane.open : plane.closed, `key-${name}`, 500);
  clients = {
    chat: of("chat"),
    summary: of("summary"),
    tickets: of("tickets"),
    contracts: of("contracts"),
  };
});
test.after.always(async () => {
  for (const each of Object.values(clients)) each.close();
  for (const engine of engines.values()) await engine.stop();
  await plane.stop();
});
test.beforeEach(async () => {
  for (const name of classes) await returned(name);
  await resetCounters(plane);
});

const isOwn = ({ status, by }: Outcome) => status === 200 && by?.startsWith("engine-") === true;
const returned = (name: ClassName) => eventually(() => clients[name].send(), isOwn, 20_000);

async function begin(fault: ExpectedFault["fault"]): Promise<void> {
  for (const engine of engines.values()) {
    if (fault === "kill") process.kill(engine.pid, "SIGKILL");
    else await engine.fault(fault);
  }
}

async function end(fault: ExpectedFault["fault"]): Promise<void> {
  if (fault !== "kill") return begin({ kind: "none" });
  for (const [name, { url }] of engines) {
    const again = { name: `engine-${name}`, port: portOf(url), models: ["house-model"] as const };
    const apiKeyFile = join(plane.folder, `engine-${name}`);
    engines.set(name, await startSimulator({ ...again, apiKeyFile }));
  }
}

interface Seen {
  readonly outcomes: Readonly<Record<ClassName, readonly Outcome[]>>;
  readonly begunAt: number;
  readonly endedAt: number;
}

const streamed = JSON.stringify({
  model: "house-model",
  messages: [{ role: "user", content: "Hello" }],
  max_tokens: 4,
  stream: true,
});

/** Steady load of every class, from before the fault until every engine serves again. */
async function under({ fault, seconds = 4, stream = false }: ExpectedFault): Promise<Seen> {
  const body = stream ? streamed : undefined;
  const drives = classes.map((name) => [name, drive(clients[name], 100, body)] as const);
  await sleep(500);
  await begin(fault);
  const begunAt = performance.now();
  await sleep(seconds * 1000);
  const endedAt = performance.now();
  await end(fault);
  for (const [, { outcomes }] of drives) {
    await eventually(
      () => Promise.resolve(outcomes.at(-1)),
      (last) => last !== undefined && last.startedAt > endedAt && isOwn(last),
    );
  }
  const ended = drives.map(async ([name, { stop }]) => [name, await stop()] as const);
  const [chat, summary, tickets, contracts] = await Promise.all(ended);
  if (!chat || !summary || !tickets || !contracts) throw new Error("a class has no outcomes");
  const outcomes = {
    chat: chat[1],
    summary: summary[1],
    tickets: tickets[1],
    contracts: contracts[1],
  };
  return { outcomes, begunAt, endedAt };
}

const secondsOf = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Of requests that began while the fault was there. */
function during(all: readonly Outcome[], { begunAt, endedAt }: Seen): readonly Outcome[] {
  return all.filter(({ startedAt }) => startedAt > begunAt && startedAt < endedAt);
}

function report(t: ExecutionContext, seen: Seen): void {
  for (const name of classes) {
    const meanwhile = during(seen.outcomes[name], seen);
    const counts = new Map<string, number>();
    for (const { status, by } of meanwhile) {
      const what = `${status} by ${by ?? "the gateway"}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    const late = meanwhile.filter(
      ({ status, milliseconds }) => status >= 500 || milliseconds > 1000,
    );
    const last = late.at(-1);
    const troubled = last === undefined ? "none" : secondsOf(last.startedAt - seen.begunAt);
    const longest = Math.max(...meanwhile.map(({ milliseconds }) => milliseconds));
    const back = seen.outcomes[name].find((one) => one.startedAt > seen.endedAt && isOwn(one));
    t.log(
      `${name}: ${[...counts].map(([what, count]) => `${count} x ${what}`).join(", ")};`,
      `last failed or late request ${troubled} after the fault, longest ${secondsOf(longest)};`,
      `back ${secondsOf((back?.startedAt ?? Number.NaN) - seen.endedAt)} after its end`,
    );
  }
}

test.serial(
  "a stream that breaks off is told so: nobody glues a second answer to it",
  async (t) => {
    await begin({ kind: "reset-mid-stream", afterChunks: 3 });
    t.teardown(() => end({ kind: "none" }));
    const each = 12;
    for (const name of classes) {
      // Four at a time: five in a row that break take the engine out, which is right, and another matter.
      for (const one of await sendMany(clients[name], each, 4, streamed)) {
        const { status, by, text, error } = one;
        t.deepEqual([status, by?.startsWith("engine-")], [200, true], name);
        t.is(error, "aborted", "the connection breaks, as the engine's did");
        t.is(text.match(/^data: /gm)?.length, 3);
        t.is(new Set(text.match(/"id":\s*"[^"]+"/g)).size, 1, "one answer");
        t.false(text.includes("[DONE]"));
      }
    }
    t.like(await answered(plane), { "engine-large": 3 * each, "engine-small": each });
    t.is(await atProviders(plane), 0);
  },
);

for (const [name, expected] of Object.entries(faultTable)) {
  test.serial(`an engine ${name}: what each class sees, and nothing closed leaves`, async (t) => {
    const seen = await under(expected);
    report(t, seen);
    for (const one of classes) {
      const allowed = one === "chat" ? expected.failover : expected.without;
      const statuses = new Set(during(seen.outcomes[one], seen).map(({ status }) => status));
      t.deepEqual(
        [...statuses].filter((status) => !allowed.includes(status)),
        [],
        one,
      );
    }
    // Whatever a provider has counted, clients of the one class that may go there have in their hands.
    const outside = seen.outcomes.chat.filter(({ by }) => by === "provider-openai").length;
    t.is(await atProviders(plane), outside);
    t.is(outside > 0, expected.failover.includes(200) && expected.without.includes(503));
    const back = seen.outcomes.chat.find((one) => one.startedAt > seen.endedAt && isOwn(one));
    const wait = (back?.startedAt ?? Number.NaN) - seen.endedAt;
    // Two good checks, a second apart.
    if (expected.ejected) t.true(wait > 900, `trusted again after ${wait} ms`);
    else t.true(wait < 900, `never taken out, and not asked for ${wait} ms`);
  });
}
