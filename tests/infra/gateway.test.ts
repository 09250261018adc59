import test from "ava";
import { serviceConfig } from "../../components/gateway/limits/service-config.ts";
import type { ClosedTaskClass } from "../../components/lib/migration/task-class.ts";
import { limitsSchema } from "../../components/lib/stack/limits.ts";
import { mostTeams } from "../../components/lib/stack/limits-faults.ts";
import { ConfigError } from "../../infra/config/faults.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { exampleEntries, imageKey, readLock } from "../../infra/lock.ts";
import { unusedImages } from "../../infra/unused-images.ts";
import { images } from "../../infra/versions.ts";
import { devStack } from "./dev-stack.ts";

const local = { kind: "local", name: "own", model: "llama-3-70b" };
const external = { kind: "external", name: "openai", provider: "openai", model: "gpt-4-turbo" };
const provider = {
  name: "openai",
  host: "api.openai.com",
  api: { kind: "openai" },
  keySecret: "provider-openai",
  reach: { kind: "forward-proxy", address: "10.10.0.250", port: 3128 },
};
const open = {
  name: "support",
  criticality: "medium",
  dataClass: "public",
  backends: [local, external],
};
const closed = {
  name: "contracts",
  criticality: "critical",
  dataClass: "restricted",
  backends: [local],
};
const gateway = {
  publicModel: "private-llm",
  phase: "poc",
  tls: { kind: "development" },
  clients: [{ namespace: "apps" }],
  providers: [provider],
  taskClasses: [open, closed],
};

function parsed(change: object, more: object = {}) {
  return parseStack({ ...devStack(), ...more, gateway: { ...gateway, ...change } }, "private-llm");
}

function faults(change: object, more: object = {}): string[] {
  try {
    parsed(change, more);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

test("a gateway with a class that may leave and one that may not is sound", (t) => {
  t.deepEqual(faults({}), []);
});

test("beginnings of prompts are kept only where a gateway salts requests and none can go out", (t) => {
  const models = devStack().models.map((model) => ({ ...model, prefixCache: true }));
  const inside = {
    taskClasses: [
      { ...closed, dataClass: "public" },
      { ...closed, name: "other" },
    ],
  };
  t.deepEqual(faults({ ...inside, providers: [] }, { models }), []);
  const [more, ...rest] = faults({}, { models });
  t.regex(more ?? "", /models\[0\]\.prefixCache: true: .* task class support may go to a provider/);
  t.deepEqual(rest, []);
  const error = t.throws(() => parseStack({ ...devStack(), models }, "private-llm"), {
    instanceOf: ConfigError,
  });
  t.regex(error?.message ?? "", /prefixCache: true: .*without a gateway/);
});

test("a stack without a gateway has none, also where the engine gives an empty object", (t) => {
  for (const given of [undefined, {}]) {
    const stack = parseStack({ ...devStack(), gateway: given }, "private-llm");
    t.is(stack.layer === "platform" ? stack.gateway : "no platform", undefined);
  }
});

for (const dataClass of ["internal", "restricted"]) {
  test(`a provider of a class that is ${dataClass} is refused with what to do`, (t) => {
    t.deepEqual(faults({ taskClasses: [open, { ...closed, dataClass, backends: [external] }] }), [
      'private-llm:gateway.taskClasses[1].backends[0].kind: "external": a class above public has backends of kind local only; remove the provider, or make the class public',
    ]);
  });
}

test("no type of a class above public can name a provider", (t) => {
  const backends: ClosedTaskClass["backends"] = [
    // @ts-expect-error a provider is no backend of such a class
    { kind: "external", name: "openai", provider: "openai", model: "gpt-4-turbo" },
  ];
  t.is(backends.length, 1);
});

test("a class above public has no switch to fail over", (t) => {
  const [fault] = faults({ taskClasses: [open, { ...closed, failover: true }] });
  t.regex(String(fault), /gateway\.taskClasses\[1\]\.failover: unknown key/);
});

test("every fault of a gateway is told at once, with its place", (t) => {
  const broken = {
    publicModel: "Not A Label",
    phase: "soon",
    replicas: { min: 4, max: 3 },
    clients: [],
    providers: [{ ...provider, host: "openai" }],
    taskClasses: [
      { ...open, weights: { canary: { own: 30, openai: 60 } } },
      { ...closed, name: "support" },
    ],
  };
  const places = faults(broken).map((line) => line.split(": ", 1)[0]);
  for (const place of [
    "publicModel",
    "phase",
    "replicas.max",
    "clients",
    "providers[0].host",
    "taskClasses[0].weights.canary",
  ]) {
    t.true(places.includes(`private-llm:gateway.${place}`), `${place} of ${places.join(", ")}`);
  }
});

test("what the parts of a gateway ask of each other and of the stack is told at once, with what to name", (t) => {
  const own = (name: string) =>
    `"${name}" is a namespace of this stack, whose pods must not call the gateway; name the namespace of an application`;
  t.deepEqual(
    faults({
      taskClasses: [
        {
          ...open,
          backends: [
            { ...local, model: "mistral" },
            { ...external, provider: "azure" },
          ],
        },
        { ...closed, name: "support", weights: { full: { other: 100 } } },
      ],
      controllerAddress: "10.10.0.5",
      clients: [{ namespace: "inference" }, { namespace: "gateway" }],
    }).toSorted(),
    [
      `private-llm:gateway.clients[0].namespace: ${own("inference")}`,
      `private-llm:gateway.clients[1].namespace: ${own("gateway")}`,
      "private-llm:gateway.controllerAddress: 10.10.0.5 is not in serviceCidr 10.96.0.0/16; choose a free address there",
      'private-llm:gateway.taskClasses[0].backends[0].model: "mistral" is no model of this stack; name one of llama-3-70b',
      'private-llm:gateway.taskClasses[0].backends[1].provider: "azure" is no provider of this gateway; name one of openai',
      'private-llm:gateway.taskClasses[1].name: "support" is used twice; names must differ',
      'private-llm:gateway.taskClasses[1].weights.full.other: "other" is no backend of support; name one of own',
    ],
  );
});

test("two models of a provider that would be one way out are refused", (t) => {
  const other = { ...external, name: "other", model: "gpt.4.turbo" };
  t.deepEqual(faults({ taskClasses: [{ ...open, backends: [local, external, other] }] }), [
    'private-llm:gateway.taskClasses[0].backends[2].model: "gpt.4.turbo of openai" and "gpt-4-turbo of openai" would both be external-openai-gpt-4-turbo; use one of them, or rename a provider',
  ]);
});

test("a certificate of the local cluster belongs to a local cluster", (t) => {
  const cluster = {
    kind: "eks",
    clusterStack: "a/b/c",
    network: devStack().cluster.network,
    nodes: devStack().cluster.nodes ?? {},
    storage: { weightsClass: "w", metricsClass: "m" },
  };
  t.true(
    faults({}, { cluster }).includes(
      "private-llm:gateway.tls.kind: development makes its CA on this machine; use secret or cert-manager here",
    ),
  );
});

test("a gateway belongs to layer platform", (t) => {
  const error = t.throws(() => parseStack({ layer: "cluster", gateway }, "private-llm"));
  t.regex(error?.message ?? "", /private-llm:gateway(?:\.\w+)?: /);
});

test("images of the gateway count only for a stack that has one", (t) => {
  const names = [imageKey(images.envoy), imageKey(images.routeController)];
  const withGateway = parsed({});
  const without = parseStack(devStack(), "private-llm");
  const lock = readLock();
  for (const name of names) {
    t.true(exampleEntries(lock, unusedImages(withGateway)).includes(name));
    t.false(exampleEntries(lock, unusedImages(without)).includes(name));
  }
});

test("limits and prices that fit are sound", (t) => {
  const limits = {
    externalMonthlyUsd: 2500,
    everyTeam: { requestsPerMinute: 600, monthlyUsd: 500 },
    teams: { search: { tokensPerMinute: 1000 } },
  };
  const own = { inputUsdPerMillion: 1, outputUsdPerMillion: 2, source: "invoice", asOf: "2026-11" };
  t.deepEqual(faults({ limits, prices: [{ ...own, model: "llama-3-70b" }] }), []);
});

test("limits and prices that do not fit are told at once, each with its remedy", (t) => {
  const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 2, source: "page", asOf: "2026-11" };
  t.deepEqual(
    faults({
      taskClasses: [{ ...open, backends: [local, { ...external, model: "gpt-next" }] }],
      prices: [
        { ...price, model: "openai/gpt-4-turbo" },
        { ...price, model: "llama-3-70b" },
        { ...price, model: "llama-3-70b" },
      ],
      limits: {
        everyTeam: { monthlyUsd: 5 },
        teams: { search: {} },
        serviceAddress: "10.10.0.5",
        counterAddress: "10.96.0.32",
      },
    }).toSorted(),
    [
      "private-llm:gateway.limits.counterAddress: 10.96.0.32 is that of gateway.controllerAddress; choose another one",
      "private-llm:gateway.limits.serviceAddress: 10.10.0.5 is not in serviceCidr 10.96.0.0/16; choose a free address there",
      "private-llm:gateway.limits.teams.search: states no limit; state requestsPerMinute, tokensPerMinute or monthlyUsd, or remove the team, which then has those of everyTeam",
      'private-llm:gateway.prices[0].model: "openai/gpt-4-turbo" is no model of this stack and of no provider that a task class names; name one of llama-3-70b, openai/gpt-next',
      'private-llm:gateway.prices[2].model: "llama-3-70b" has two prices; leave the one that holds',
      'private-llm:gateway.taskClasses[0].backends[1].model: "gpt-next" of openai has no price, and a budget in USD counts it; add "openai/gpt-next" to gateway.prices',
    ],
  );
});

test("a price of one's own makes a provider's model countable", (t) => {
  const prices = [
    {
      model: "openai/gpt-next",
      inputUsdPerMillion: 1,
      outputUsdPerMillion: 2,
      source: "contract",
      asOf: "2026-11",
    },
  ];
  const taskClasses = [{ ...open, backends: [local, { ...external, model: "gpt-next" }] }];
  t.deepEqual(faults({ taskClasses, prices, limits: { externalMonthlyUsd: 5 } }), []);
  // Requests are counted without any price.
  t.deepEqual(faults({ taskClasses, limits: { everyTeam: { requestsPerMinute: 5 } } }), []);
});

test("limits of nothing are refused", (t) => {
  t.deepEqual(faults({ limits: {} }), [
    "private-llm:gateway.limits: limits nothing; state externalMonthlyUsd, everyTeam or teams, or remove limits",
  ]);
  t.deepEqual(faults({ taskClasses: [closed], limits: { externalMonthlyUsd: 5 } }), [
    "private-llm:gateway.limits.externalMonthlyUsd: 5 limits what goes to providers, and no task class has an external backend; remove it",
  ]);
});

test("a range of Services without room for their places asks for addresses", (t) => {
  const { cluster } = devStack();
  const small = {
    cluster: { ...cluster, network: { ...cluster.network, serviceCidr: "10.96.0.0/27" } },
  };
  const missing = (name: string) =>
    `private-llm:gateway.${name}: missing; serviceCidr 10.96.0.0/27 is too small for the one it would be by itself`;
  t.deepEqual(faults({ limits: { externalMonthlyUsd: 5 } }, small), [
    missing("controllerAddress"),
    missing("limits.serviceAddress"),
    missing("limits.counterAddress"),
  ]);
});

test("the most teams that a stack may list fit into one ConfigMap", (t) => {
  const named = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `${"t".repeat(60)}${index}`,
        { monthlyUsd: 42_949, requestsPerMinute: 4_294_967_295, tokensPerMinute: 4_294_967_295 },
      ]),
    );
  t.true(serviceConfig(limitsSchema.parse({ teams: named(mostTeams) })).length < 1_000_000);
  t.deepEqual(faults({ limits: { teams: named(mostTeams + 1) } }), [
    "private-llm:gateway.limits.teams: 151 teams are more than the 150 that one file of limits holds; give most of them what everyTeam says",
  ]);
});

test("images of the counter count only for a stack that limits something", (t) => {
  const names = [imageKey(images.rateLimitService), imageKey(images.redis)];
  const lock = readLock();
  for (const name of names) {
    t.true(
      exampleEntries(lock, unusedImages(parsed({ limits: { externalMonthlyUsd: 5 } }))).includes(
        name,
      ),
    );
    t.false(exampleEntries(lock, unusedImages(parsed({}))).includes(name));
  }
});
