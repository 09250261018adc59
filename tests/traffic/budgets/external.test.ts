import test from "ava";
import { ports } from "../../../components/gateway/names.ts";
import { redisObstacle } from "../../data-plane/support/redis.ts";
import { type Answer, call } from "../../gateway/support/call.ts";
import { eventually } from "../../gateway/support/eventually.ts";
import { type Plane, startPlane } from "../../gateway/support/plane.ts";
import {
  allowed,
  engine,
  inside,
  outside,
  planWith,
  providerRequests,
  spentOutside,
  way,
} from "./plan.ts";

/** The budget of everything that goes to providers, with the real service and a real Redis. */

const reason = redisObstacle();
const withRedis = reason === undefined ? test.serial : test.serial.skip;

const clients = ["chat", "news"].map((name) => ({ key: `key-${name}`, client: `${name}/blue` }));
const usd = 0.001;
let plane: Plane;

test.beforeEach(async () => {
  if (reason === undefined)
    plane = await startPlane(planWith({ externalMonthlyUsd: usd }), { clients });
});
test.afterEach.always(() => plane?.stop());

function chat(fields: object = {}): string {
  return JSON.stringify({
    model: "house-model",
    messages: [{ role: "user", content: "Hello" }],
    max_tokens: 4,
    ...fields,
  });
}

const ask = (key = "key-chat", fields: object = {}): Promise<Answer> =>
  call(plane.open.port(ports.clients), { key, body: chat(fields) });

const answeredBy = ({ headers }: Answer) => headers["x-private-llm-backend"];

/** Waits until class chat is answered by this cluster. */
async function answers(cluster: string): Promise<void> {
  const last = await eventually(
    () => ask(),
    (answer) => answeredBy(answer) === cluster,
  );
  if (answeredBy(last) !== cluster) throw new Error(`${cluster} does not answer: ${last.text}`);
}

/** Sends one after the other until the way out is closed. @returns how many a provider answered */
async function spendAll(fields: object = {}): Promise<number> {
  for (let answered = 0; answered < 200; answered += 1) {
    const answer = await ask("key-chat", fields);
    if (answer.status !== 200 || answeredBy(answer) !== way) return answered;
  }
  throw new Error("the budget has no end");
}

withRedis("a spent budget closes the way out, and the class is answered inside", async (t) => {
  plane.share(outside);
  await answers(way);
  await spendAll();
  const spent = await spentOutside(plane);
  // The request that crosses the line is the last one that goes out.
  t.true(spent > allowed(usd) && spent <= allowed(usd) + 18, `${spent} of ${allowed(usd)}`);
  const before = await providerRequests(plane);
  for (let index = 0; index < 20; index += 1) {
    const answer = await ask();
    t.is(answer.status, 200, answer.text);
    t.is(answeredBy(answer), engine);
  }
  t.is(await providerRequests(plane), before);
});

withRedis("a class without a model inside is told that the budget is spent", async (t) => {
  plane.share(outside);
  await answers(way);
  await spendAll();
  const answer = await ask("key-news");
  t.is(answer.status, 429, answer.text);
  t.regex(answer.text, /insufficient_quota/);
  t.regex(answer.text, /budget for requests to providers is spent/);
});

withRedis("streams at one time overshoot by no more than they cost", async (t) => {
  plane.share(outside);
  await answers(way);
  const streams = 12;
  const cost = 6 + 40 * 3;
  while ((await spentOutside(plane)) <= allowed(usd)) {
    const streamed = await Promise.all(
      Array.from({ length: streams }, () => ask("key-chat", { stream: true, max_tokens: 40 })),
    );
    t.true(streamed.every(({ status }) => status === 200));
    // The charge comes after the last byte.
    const sum = await spentOutside(plane);
    await eventually(
      () => spentOutside(plane),
      (now) => now > sum,
      300,
    );
  }
  const spent = await spentOutside(plane);
  t.true(spent > allowed(usd));
  t.true(spent <= allowed(usd) + streams * cost, `${spent} of ${allowed(usd)}`);
  t.is(answeredBy(await ask()), engine);
});

withRedis("what fails over counts, and ends with the budget", async (t) => {
  plane.share(inside);
  await answers(engine);
  const before = await spentOutside(plane);
  await plane.engines.get("large")?.fault({ kind: "refuse" });
  await answers(way);
  t.true(
    (await eventually(
      () => spentOutside(plane),
      (sum) => sum > before,
    )) > before,
  );
  await spendAll({ max_tokens: 40 });
  const requests = await providerRequests(plane);
  const answer = await ask();
  t.true([429, 503].includes(answer.status), answer.text);
  t.is(await providerRequests(plane), requests);
});

for (const part of ["redis", "service"] as const) {
  withRedis(
    `without the ${part === "redis" ? "counter" : "rate-limit service"} the way out is closed and the local one open; nothing is forgotten`,
    async (t) => {
      const { counter } = plane;
      if (counter === undefined) throw new Error("there is no counter");
      plane.share(outside);
      await answers(way);
      const spent = await eventually(
        () => spentOutside(plane),
        (sum) => sum > 0,
      );
      process.kill(counter[part].identity.pid, "SIGKILL");
      await answers(engine);
      const before = await providerRequests(plane);
      for (let index = 0; index < 3; index += 1) {
        const answer = await ask();
        t.is(answer.status, 200, answer.text);
        t.is(answeredBy(answer), engine);
        t.is((await ask("key-news")).status, 503);
      }
      t.is(await providerRequests(plane), before);
      counter[part] = await (part === "redis" ? counter.startRedis() : counter.startService());
      await answers(way);
      t.true((await spentOutside(plane)) >= spent);
      await spendAll();
      t.is(answeredBy(await ask()), engine);
    },
  );
}

withRedis("a proxy that is killed takes nothing of the count with it", async (t) => {
  plane.share(outside);
  await answers(way);
  await spendAll();
  const spent = await spentOutside(plane);
  process.kill(plane.egress.service.identity.pid, "SIGKILL");
  t.is(answeredBy(await ask()), engine);
  t.is(await spentOutside(plane), spent);
});
