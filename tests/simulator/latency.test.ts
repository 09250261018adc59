import test from "ava";
import { latencyProfiles, pace } from "../../tools/simulator/latency.ts";
import { chat, labels, metrics, post, simulator } from "./support/simulators.ts";

function delays(name: "none" | "a100-tp8" | "a100-tp4", seed: number, ordinal = 0, prompt = 10) {
  const { first, next } = pace(name, seed, ordinal, prompt);
  return [first(1), ...Array.from({ length: 50 }, () => next(1))];
}

test("the same seed gives the same delays, another seed or request others", (t) => {
  t.deepEqual(delays("a100-tp8", 1), delays("a100-tp8", 1));
  t.notDeepEqual(delays("a100-tp8", 2), delays("a100-tp8", 1));
  t.notDeepEqual(delays("a100-tp8", 1, 1), delays("a100-tp8", 1));
});

test("delays stay within their profile and use all of it", (t) => {
  for (const name of ["a100-tp8", "a100-tp4"] as const) {
    const { firstToken, betweenTokens } = latencyProfiles[name];
    const all = Array.from({ length: 200 }, (_, ordinal) => delays(name, 3, ordinal));
    const firsts = all.map(([first = 0]) => first);
    const others = all.flatMap(([, ...rest]) => rest);
    for (const [values, [low, high]] of [
      [firsts, firstToken],
      [others, betweenTokens],
    ] as const) {
      t.true(Math.min(...values) >= low && Math.max(...values) <= high, name);
      t.true(Math.max(...values) - Math.min(...values) > 0.9 * (high - low), name);
    }
  }
});

test("a long prompt delays the first token by its prefill, and no other", (t) => {
  const [short = 0, ...shortRest] = delays("a100-tp4", 1, 0, 512);
  const [long = 0, ...longRest] = delays("a100-tp4", 1, 0, 512 + 4_400);
  t.is(Math.round(long - short), 1000);
  t.deepEqual(longRest, shortRest);
});

test("without a profile nothing is delayed, unless it is to be slow", (t) => {
  t.true(delays("none", 1).every((delay) => delay === 0));
  t.deepEqual([pace("none", 1, 0, 1).first(10), pace("none", 1, 0, 1).next(10)], [100, 10]);
});

test("two simulators with one seed measure the same, up to the clock", async (t) => {
  const run = async (seed: number) => {
    const it = await simulator(t, { latency: "a100-tp8", seed });
    await post(it.url, { ...chat, max_tokens: 10 });
    const now = await metrics(it);
    return (now.get(`vllm:e2e_request_latency_seconds_sum{${labels}}`) ?? 0) * 1000;
  };
  const planned = delays("a100-tp8", 5)
    .slice(0, 10)
    .reduce((sum, delay) => sum + delay, 0);
  for (const measured of [await run(5), await run(5)])
    t.true(measured >= planned - 2 && measured < planned + 60, `${measured} of ${planned} ms`);
});
