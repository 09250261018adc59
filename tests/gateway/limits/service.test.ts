import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { limitsSchema } from "../../../components/lib/stack/limits.ts";
import { gatewayMetrics as metric } from "../../../components/monitoring/gateway-metrics.ts";
import { redisObstacle } from "../../data-plane/support/redis.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { type Counter, prepareCounter } from "../support/counter.ts";

const reason = redisObstacle();
const withRedis = reason === undefined ? test : test.skip;
const why = reason === undefined ? "" : ` (${reason})`;

async function running(t: ExecutionContext, limits: object) {
  const counter = await prepareCounter(await temporaryFolder(t), limitsSchema.parse(limits));
  const redis = await counter.startRedis();
  t.teardown(() => redis.stop());
  const service = await counter.startService();
  t.teardown(() => service.stop());
  return { counter, redis, service };
}

/** Limit in force for a descriptor, as `number a unit`. */
async function limitOf(counter: Counter, ...entries: string[]): Promise<string | undefined> {
  const [{ currentLimit }] = (await counter.count(entries, 0)).statuses;
  return currentLimit && `${currentLimit.requestsPerUnit} a ${currentLimit.unit}`;
}

withRedis(`the service takes the limits as they are written${why}`, async (t) => {
  const { counter } = await running(t, {
    externalMonthlyUsd: 2500,
    everyTeam: { requestsPerMinute: 600, monthlyUsd: 500 },
    // Names that YAML would read as a day, a number, a truth and nothing.
    teams: Object.fromEntries(
      ["2001-01-01", "1e3", "on", "null", "search"].map((team) => [team, { monthlyUsd: 20 }]),
    ),
  });
  const of = (...entries: string[]) => limitOf(counter, ...entries);
  t.is(await of("road=external", "month=2026-11"), "250000000 a YEAR");
  t.is(await of("road=external", "month=2026-12"), "125000000 a YEAR");
  t.is(await of("road=other", "month=2026-12"), undefined);
  t.is(await of("team_budget=anybody", "month=2026-11"), "50000000 a YEAR");
  t.is(await of("team_budget=anybody", "month=2027-12"), "25000000 a YEAR");
  for (const team of ["2001-01-01", "1e3", "on", "null", "search"]) {
    t.is(await of(`team_budget=${team}`, "month=2026-11"), "2000000 a YEAR", team);
    t.is(await of(`team_requests=${team}`), "600 a MINUTE", team);
  }
  t.is(await of("team_tokens=search"), undefined);
});

withRedis(`each team and each month has a count of its own${why}`, async (t) => {
  const { counter } = await running(t, { everyTeam: { monthlyUsd: 0.001 } });
  const spend = async (team: string, month: string, hits: number) =>
    (await counter.count([`team_budget=${team}`, `month=${month}`], hits)).overallCode;
  t.is(await spend("search", "2026-01", 100), "OK");
  t.is(await spend("search", "2026-01", 0), "OK");
  t.is(await spend("search", "2026-01", 1), "OVER_LIMIT");
  // The first of February, and another team.
  t.is(await spend("search", "2026-02", 0), "OK");
  t.is(await spend("other", "2026-01", 0), "OK");
  t.is(await spend("search", "2026-01", 0), "OVER_LIMIT");
});

withRedis(
  `a counter that is killed forgets nothing, and the service finds it again${why}`,
  async (t) => {
    const { counter, redis } = await running(t, { externalMonthlyUsd: 0.001 });
    const road = async (hits: number) =>
      (await counter.count(["road=external", "month=2026-11"], hits)).overallCode;
    await road(101);
    t.is(await road(0), "OVER_LIMIT");
    process.kill(redis.identity.pid, "SIGKILL");
    await t.throwsAsync(() => road(0), { message: "the service answers 400" });
    await eventually(async () => !(await counter.isHealthy()));
    const again = await counter.startRedis();
    t.teardown(() => again.stop());
    await eventually(counter.isHealthy);
    t.is(await road(0), "OVER_LIMIT");
  },
);

withRedis(`a service that is killed forgets nothing${why}`, async (t) => {
  const { counter, service } = await running(t, { externalMonthlyUsd: 0.001 });
  await counter.count(["road=external", "month=2026-11"], 101);
  process.kill(service.identity.pid, "SIGKILL");
  const again = await counter.startService();
  t.teardown(() => again.stop());
  const { overallCode } = await counter.count(["road=external", "month=2026-11"], 0);
  t.is(overallCode, "OVER_LIMIT");
});

withRedis(`a service without a counter at its start ends, to be started again${why}`, async (t) => {
  const limits = limitsSchema.parse({ externalMonthlyUsd: 1 });
  const counter = await prepareCounter(await temporaryFolder(t), limits);
  await t.throwsAsync(counter.startService(), { message: /^ratelimit ended with / });
});

withRedis(
  `whoever has the password may count, and neither delete, list nor configure${why}`,
  async (t) => {
    const { counter } = await running(t, { externalMonthlyUsd: 1 });
    const { password } = counter;
    t.is(await counter.ask(password, "INCRBY", "private-llm_x", "3"), ":3");
    t.regex(await counter.ask("another", "INCRBY", "private-llm_x", "3"), /^-WRONGPASS/);
    t.regex(await counter.ask(password, "INCRBY", "other", "3"), /^-NOPERM/);
    for (const command of [
      "DEL private-llm_x",
      "FLUSHALL",
      "KEYS *",
      "CONFIG GET *",
      "SHUTDOWN",
      "EVAL 1 0",
    ]) {
      t.regex(await counter.ask(password, command), /^-NOPERM/, command);
    }
  },
);

withRedis(`alerts ask for what the service really says of budgets and counter${why}`, async (t) => {
  const { counter } = await running(t, {
    externalMonthlyUsd: 0.001,
    everyTeam: { monthlyUsd: 0.001 },
  });
  await counter.count(["road=external", "month=2026-11"], 85);
  await counter.count(["team_budget=search", "month=2026-12"], 85);
  const metrics = async () =>
    (await (await fetch(`http://127.0.0.1:${counter.metricsPort}/metrics`)).text()).split("\n");
  await eventually(async () => (await metrics()).some((line) => line.startsWith(metric.overLimit)));
  const lines = await metrics();
  const shown = (name: string) => lines.filter((line) => line.startsWith(name));
  t.deepEqual(shown(metric.counterConnections), [`${metric.counterConnections} 10`]);
  t.deepEqual(shown(metric.nearLimit), [
    `${metric.nearLimit}{domain="private-llm",key1="road_external",key2="month_2026-11"} 5`,
    // Half a budget in December, and no name of a team that the stack does not name.
    `${metric.nearLimit}{domain="private-llm",key1="team_budget",key2="month_2026-12"} 10`,
  ]);
  t.deepEqual(shown(metric.overLimit), [
    `${metric.overLimit}{domain="private-llm",key1="team_budget",key2="month_2026-12"} 35`,
  ]);
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error("it never came so far");
}
