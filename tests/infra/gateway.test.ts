import test from "ava";
import type { ClosedTaskClass } from "../../components/lib/migration/task-class.ts";
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
