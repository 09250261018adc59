import { readFile } from "node:fs/promises";
import test from "ava";
import { ports } from "../../../components/gateway/names.ts";
import { call, open } from "../support/call.ts";
import { eventually } from "../support/eventually.ts";
import { goodGateway, goodPlan, parsedGateway } from "../support/plan.ts";
import { type Plane, type RunningProxy, startPlane } from "../support/plane.ts";

/** What requests took, in log and metrics of the real proxies with their rendered configuration. */

const source = { source: "this test", asOf: "2026-11" };
const plan = {
  ...goodPlan,
  gateway: parsedGateway({
    ...goodGateway,
    prices: [
      // Units of 10 millionths of a dollar: 1 per token of a prompt, half of that from a cache, 3 of an answer.
      {
        ...source,
        model: "openai/gpt-5",
        inputUsdPerMillion: 10,
        cachedInputUsdPerMillion: 5,
        outputUsdPerMillion: 30,
      },
      { ...source, model: "large", inputUsdPerMillion: 20, outputUsdPerMillion: 40 },
    ],
  }),
};
let plane: Plane;

test.before(async () => {
  plane = await startPlane(plan);
});
test.after.always(() => plane?.stop());

const engine = "engine-large";
const way = "external-openai-gpt-5";
const inside = { chat: { own: 100, openai: 0 } };
const outside = { chat: { own: 0, openai: 100 } };

/** Waits until requests of class chat are answered by this cluster. */
async function answeredBy(cluster: string): Promise<void> {
  await eventually(
    () => ask({}),
    ({ headers }) => headers["x-private-llm-backend"] === cluster,
  );
}

function chat(fields: object): string {
  return JSON.stringify({
    model: "house-model",
    messages: [{ role: "user", content: "Hello" }],
    max_tokens: 4,
    ...fields,
  });
}

const ask = (fields: object) =>
  call(plane.open.port(ports.clients), { key: "key-chat", body: chat(fields) });

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** The usage that an answer states, whole or as the last part of a stream that has one. */
function usageIn(body: string): Usage {
  const found = [...body.matchAll(/"prompt_tokens":(\d+),"completion_tokens":(\d+)/g)].at(-1);
  if (found === undefined) throw new Error(`no usage in ${body.slice(0, 300)}`);
  return { prompt_tokens: Number(found[1]), completion_tokens: Number(found[2]) };
}

/** Metrics of the gateway's own by name and labels, as far as they begin with these names. */
async function metrics(proxy: RunningProxy): Promise<ReadonlyMap<string, number>> {
  const page = await fetch(`http://127.0.0.1:${proxy.port(ports.metrics)}/stats/prometheus`);
  const lines = (await page.text()).matchAll(/^envoy_private_llm_(\w+)(\{[^}]*\}) (\d+)$/gm);
  return new Map(
    [...lines].map(([, name = "", labels = "", value]) => [name + labels, Number(value)]),
  );
}

/** How much counters of class chat at a backend grow by some requests. */
async function growth(cluster: string, during: () => Promise<unknown>) {
  const before = await metrics(plane.open);
  await during();
  const total = (all: ReadonlyMap<string, number>, name: string) =>
    [...all].reduce(
      (sum, [key, value]) =>
        key.startsWith(`${name}{class="chat",backend="${cluster}"`) ? sum + value : sum,
      0,
    );
  const after = await eventually(
    () => metrics(plane.open),
    (now) => total(now, "requests") > total(before, "requests"),
  );
  const grown = (name: string) => total(after, name) - total(before, name);
  return {
    input: grown("input_tokens"),
    output: grown("output_tokens"),
    units: grown("spend_units"),
    requests: grown("requests"),
    retries: grown("retries"),
  };
}

async function lastLogLine(proxy: RunningProxy): Promise<Readonly<Record<string, unknown>>> {
  const lines = (await readFile(proxy.log, "utf8"))
    .split("\n")
    .filter((each) => each.startsWith("{"));
  const line: unknown = JSON.parse(lines.at(-1) ?? "{}");
  if (typeof line !== "object" || line === null) throw new Error("the log is no JSON");
  return { ...line };
}

for (const stream of [false, true]) {
  const kind = stream ? "a stream" : "an answer in one piece";
  test.serial(`tokens and cost of ${kind} of an engine`, async (t) => {
    plane.share(inside);
    await answeredBy(engine);
    let usage: Usage | undefined;
    const grown = await growth(engine, async () => {
      usage = usageIn(
        (await ask({ stream, stream_options: stream ? { include_usage: true } : undefined })).text,
      );
    });
    const units = (usage?.prompt_tokens ?? 0) * 2 + (usage?.completion_tokens ?? 0) * 4;
    t.like(grown, {
      input: usage?.prompt_tokens,
      output: usage?.completion_tokens,
      units,
      requests: 1,
      retries: 0,
    });
  });

  test.serial(
    `tokens and cost of ${kind} of a provider, which is asked for its usage`,
    async (t) => {
      plane.share(outside);
      await answeredBy(way);
      let usage: Usage | undefined;
      const grown = await growth(way, async () => {
        usage = usageIn((await ask({ stream })).text);
      });
      const units = (usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0) * 3;
      t.like(grown, { output: usage?.completion_tokens, units, requests: 1 });
      const [seen] = (await plane.providers.get("openai")?.last(1)) ?? [];
      t.is(/include_usage/.test(JSON.stringify(seen?.body)), stream);
      await eventually(
        () => lastLogLine(plane.egress),
        (line) =>
          line["output_tokens"] === usage?.completion_tokens && line["cost_units"] === units,
      );
      t.pass();
    },
  );
}

test.serial("the log says who answered, for which class, and what it took", async (t) => {
  plane.share(inside);
  await answeredBy(engine);
  const usage = usageIn((await ask({ max_tokens: 7 })).text);
  const line = await eventually(
    () => lastLogLine(plane.open),
    (each) => each["output_tokens"] === usage.completion_tokens,
  );
  t.like(line, {
    class: "chat",
    answered_by: engine,
    status: 200,
    input_tokens: usage.prompt_tokens,
    cached_tokens: 0,
    cost_units: usage.prompt_tokens * 2 + usage.completion_tokens * 4,
  });
});

test.serial("a stream that the client leaves is charged by what had come", async (t) => {
  plane.share(outside);
  await answeredBy(way);
  const grown = await growth(way, async () => {
    const { response } = await open(plane.open.port(ports.clients), {
      key: "key-chat",
      body: chat({ stream: true, max_tokens: 400 }),
    });
    await new Promise((resolve) => response.once("data", resolve));
    response.destroy();
  });
  t.is(grown.output, 0);
  t.true(grown.units > 0, String(grown.units));
});

test.serial(
  "a stream is known by its body, whatever character set its content type names",
  async (t) => {
    plane.share(outside);
    await answeredBy(way);
    for (const type of ["application/json; charset=utf-8", "Application/JSON", ""]) {
      const answer = await call(plane.open.port(ports.clients), {
        key: "key-chat",
        body: chat({ stream: true }),
        headers: { "content-type": type },
      });
      t.true(usageIn(answer.text).completion_tokens > 0, type);
    }
  },
);

test.serial("what failed costs nothing", async (t) => {
  plane.share(outside);
  await answeredBy(way);
  const grown = await growth(way, () => ask({ model: "house-model", max_tokens: "many" }));
  t.is(grown.units, 0);
  t.is(grown.requests, 1);
});

test.serial("what a provider cannot answer, the class's own model does", async (t) => {
  plane.share(outside);
  await answeredBy(way);
  await plane.providers.get("openai")?.fault({ kind: "status", status: 503 });
  const answer = await ask({});
  await plane.providers.get("openai")?.fault({ kind: "none" });
  t.is(answer.status, 200);
  t.is(answer.headers["x-private-llm-backend"], engine);
});

test.serial("no client can say who answered, and no server sees the month", async (t) => {
  plane.share(inside);
  await answeredBy(engine);
  const answer = await call(plane.open.port(ports.clients), {
    key: "key-chat",
    headers: { "x-private-llm-backend": "forged", "x-private-llm-month": "1999-01" },
  });
  t.is(answer.headers["x-private-llm-backend"], engine);
  const [seen] = (await plane.engines.get("large")?.last(1)) ?? [];
  t.notRegex(JSON.stringify(seen?.headers), /x-private-llm/);
});

test.serial("times are there with an exact bound of five seconds", async (t) => {
  plane.share(inside);
  await answeredBy(engine);
  for (const name of ["duration", "first_token"]) {
    const bound = `${name}_bucket{class="chat",backend="${engine}",le="5000"}`;
    const all = `${name}_count{class="chat",backend="${engine}"}`;
    const seen = await eventually(
      () => metrics(plane.open),
      (now) => (now.get(all) ?? 0) > 0,
    );
    t.is(seen.get(bound), seen.get(all));
  }
});

test.serial("an answer of megabytes passes, and is counted", async (t) => {
  plane.share(inside);
  await answeredBy(engine);
  const input = Array.from({ length: 1600 }, () => "a word");
  let body = "";
  const grown = await growth(engine, async () => {
    const answer = await call(plane.open.port(ports.clients), {
      key: "key-chat",
      path: "/v1/embeddings",
      body: JSON.stringify({ model: "house-model", input }),
    });
    t.is(answer.status, 200, answer.text.slice(0, 300));
    body = answer.text;
  });
  t.true(body.length > 1_500_000, String(body.length));
  t.true(grown.input >= input.length, String(grown.input));
});
