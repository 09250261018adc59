import test from "ava";
import { ports } from "../../../components/gateway/names.ts";
import { redisObstacle } from "../../data-plane/support/redis.ts";
import { call } from "../../gateway/support/call.ts";
import { eventually } from "../../gateway/support/eventually.ts";
import { startPlane } from "../../gateway/support/plane.ts";
import { inside, planWith } from "./plan.ts";

/**
 * The turn of a month. No clock of a proxy can be set here, so its month lasts a second: the rendered format gets
 * the seconds at its end, and all else is as deployed. That the service keeps January and February
 * apart, on whatever day its own windows end, is shown by tests/gateway/limits.
 */

const reason = redisObstacle();
const withRedis = reason === undefined ? test : test.skip;

const rendered = "%START_TIME(%Y-%m)%";

withRedis("with a new month a team has its whole budget again", async (t) => {
  let found = 0;
  const plane = await startPlane(planWith({ everyTeam: { monthlyUsd: 0.001 } }), {
    edit: (text) =>
      text.replaceAll(rendered, () => {
        found += 1;
        return "%START_TIME(%Y-%m-%S)%";
      }),
  });
  t.teardown(() => plane.stop());
  t.true(found > 0, "the proxy no longer writes the month as this test knows it");
  plane.share(inside);
  const ask = () => call(plane.open.port(ports.clients), { key: "key-chat" });
  const spentOf = (status: number) => (answer: { readonly status: number }) =>
    answer.status === status;
  t.true(spentOf(200)(await eventually(ask, spentOf(200))));
  for (let months = 0; months < 3; months += 1) {
    // Without a pause, since a month here is over within a second.
    let answer = await ask();
    for (let asked = 0; asked < 400 && answer.status !== 429; asked += 1) answer = await ask();
    t.is(answer.status, 429, "a month of a second allows four requests");
    t.true(spentOf(200)(await eventually(ask, spentOf(200), 3_000)));
  }
});
