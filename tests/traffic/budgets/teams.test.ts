import test from "ava";
import { ports } from "../../../components/gateway/names.ts";
import { redisObstacle } from "../../data-plane/support/redis.ts";
import { type Answer, call, open } from "../../gateway/support/call.ts";
import { eventually } from "../../gateway/support/eventually.ts";
import { type Plane, type RunningProxy, startPlane } from "../../gateway/support/plane.ts";
import { allowed, inside, planWith, spent } from "./plan.ts";

/** What one team may use, with the real service and a real Redis. */

const reason = redisObstacle();
const withRedis = reason === undefined ? test.serial : test.serial.skip;

const usd = 0.005;
const limits = {
  everyTeam: { monthlyUsd: usd },
  teams: {
    hasty: { requestsPerMinute: 5 },
    wordy: { tokensPerMinute: 60 },
    rich: { monthlyUsd: 1 },
  },
};
const clients = ["hasty", "wordy", "rich", "poor", "other", "gone"].flatMap((team) => [
  { key: `open-${team}`, client: `chat/${team}` },
  { key: `closed-${team}`, client: `contracts/${team}` },
]);
let plane: Plane;

test.before(async () => {
  if (reason !== undefined) return;
  plane = await startPlane(planWith(limits), { clients });
  plane.share(inside);
  await eventually(
    () => ask("closed-rich"),
    ({ status }) => status === 200,
  );
  await eventually(
    () => ask("open-rich"),
    ({ status }) => status === 200,
  );
});
test.after.always(() => plane?.stop());

function ask(key: string, fields: object = {}, proxy?: RunningProxy): Promise<Answer> {
  const called = proxy ?? (key.startsWith("closed-") ? plane.closed : plane.open);
  const body = JSON.stringify({
    model: "house-model",
    messages: [{ role: "user", content: "Hello" }],
    max_tokens: 4,
    ...fields,
  });
  return call(called.port(ports.clients), { key, body });
}

/** Statuses of so many requests, one after the other. */
async function statuses(count: number, key: string, fields: object = {}): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) seen.push((await ask(key, fields)).status);
  return seen;
}

const count = (seen: readonly number[], status: number) =>
  seen.filter((each) => each === status).length;

withRedis("a team's requests of a minute end at its limit, on both proxies together", async (t) => {
  const seen = [...(await statuses(8, "open-hasty")), ...(await statuses(8, "closed-hasty"))];
  // Two minutes at most lie in a run of a second.
  t.true(count(seen, 200) >= 5 && count(seen, 200) <= 10, seen.join(" "));
  t.is(count(seen, 200) + count(seen, 429), seen.length, seen.join(" "));
  const refused = await ask("open-hasty");
  if (refused.status === 429) t.regex(refused.text, /rate_limit_exceeded/);
  t.is((await ask("open-rich")).status, 200);
});

withRedis("a team's tokens of a minute end at its limit, streams among them", async (t) => {
  const seen: number[] = [];
  for (let index = 0; index < 16; index += 1) {
    seen.push((await ask("open-wordy", { stream: index % 2 === 0 })).status);
  }
  // Ten tokens each: the seventh crosses the line of 60, and a new minute may begin once.
  t.true(count(seen, 200) >= 6 && count(seen, 200) <= 14, seen.join(" "));
  t.is(count(seen, 200) + count(seen, 429), seen.length, seen.join(" "));
});

withRedis("a team's budget is its own, and counts what is answered inside", async (t) => {
  const month = new Date().toISOString().slice(0, 7);
  const cost = 6 * 2 + 4 * 4;
  const most = Math.floor(allowed(usd) / cost) + 1;
  const seen: number[] = [];
  for (let index = 0; index < most + 5; index += 1) {
    seen.push((await ask(index % 2 === 0 ? "open-poor" : "closed-poor")).status);
  }
  t.is(count(seen, 200), most, seen.join(" "));
  t.is(seen.at(-1), 429);
  t.true((await spent(plane, `team_budget_poor_month_${month}`)) <= allowed(usd) + cost);
  t.is((await ask("open-other")).status, 200);
  t.is((await ask("closed-other")).status, 200);
  t.deepEqual(await statuses(most + 5, "open-rich"), Array(most + 5).fill(200));
});

withRedis("who hangs up in the middle of a stream is charged all the same", async (t) => {
  const month = new Date().toISOString().slice(0, 7);
  const { response } = await open(plane.closed.port(ports.clients), {
    key: "closed-gone",
    body: JSON.stringify({
      model: "house-model",
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 1000,
      stream: true,
    }),
  });
  await new Promise((resolve) => response.once("data", resolve));
  response.destroy();
  const charged = await eventually(
    () => spent(plane, `team_budget_gone_month_${month}`),
    (units) => units > 0,
  );
  t.true(charged > 0);
});
