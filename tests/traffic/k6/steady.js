import { check } from "k6";
import http from "k6/http";
import { Trend } from "k6/metrics";

/**
 * A steady rate, open loop: a slow answer makes nobody send less. What the settings are is said by the
 * environment; `DIRECT` and `GATEWAY` are asked in turn, so that both see the same machine.
 */
const ways = {
  direct: { url: __ENV.DIRECT, key: __ENV.DIRECT_KEY },
  gateway: { url: __ENV.GATEWAY, key: __ENV.GATEWAY_KEY },
};
const trends = { direct: new Trend("direct_ms", true), gateway: new Trend("gateway_ms", true) };
const profile = JSON.parse(__ENV.PROFILE);
const body = JSON.stringify({
  model: "house-model",
  max_tokens: profile.outputTokens,
  // As benchmarks of engines do: an answer is as long as the profile says.
  ignore_eos: true,
  messages: [{ role: "user", content: "word ".repeat(profile.inputTokens).trim() }],
});

const scenario = (way) => ({
  executor: "constant-arrival-rate",
  exec: way,
  rate: Number(__ENV.RATE),
  timeUnit: "1m",
  duration: `${__ENV.SECONDS}s`,
  preAllocatedVUs: 20,
  maxVUs: 200,
});

export const options = {
  discardResponseBodies: false,
  summaryTrendStats: ["count", "p(50)", "p(95)", "p(99)", "max"],
  scenarios: { direct: scenario("direct"), gateway: scenario("gateway") },
  insecureSkipTLSVerify: false,
};

function ask(way) {
  const { url, key } = ways[way];
  const response = http.post(url, body, {
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    tags: { way },
  });
  trends[way].add(response.timings.duration);
  check(response, {
    [`${way} answered`]: ({ status }) => status === 200,
    [`${way} complete`]: (it) =>
      it.status === 200 && it.json("usage.completion_tokens") === profile.outputTokens,
  });
}

export function direct() {
  ask("direct");
}

export function gateway() {
  ask("gateway");
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data) };
}
