import test from "ava";
import { compareText } from "../../components/lib/compare-text.ts";
import { gpuFacts } from "../../components/lib/gpus.ts";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import { ConfigError } from "../../infra/config/faults.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { devStack } from "./dev-stack.ts";

type Stack = ReturnType<typeof devStack>;

/** Faults of a stack that one change broke, as a user reads them. */
function faults(change: (stack: Stack) => void): string[] {
  const stack = devStack();
  change(stack);
  try {
    parseStack(stack, "private-llm");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

function model(stack: Stack): Record<string, unknown> {
  const first = stack.models[0];
  if (first === undefined) throw new Error("the fixture serves a model");
  return first;
}

function nodes(stack: Stack): Record<string, unknown> {
  if (stack.cluster.nodes === undefined) throw new Error("the fixture has nodes");
  return stack.cluster.nodes;
}

test("a sound stack is accepted, with default namespaces and upstream charts", (t) => {
  const stack = parseStack(devStack(), "private-llm");
  t.like(stack, {
    layer: "platform",
    charts: { kind: "upstream" },
    namespaces: { inference: "inference", gateway: "gateway" },
  });
});

for (const gpu of Object.keys(gpuFacts)) {
  test(`nodes with ${gpu} are accepted`, (t) => {
    t.deepEqual(
      faults((stack) => {
        Object.assign(nodes(stack), { gpu });
        // Small enough for any of them.
        Object.assign(model(stack), { model: "llama-3-8b-instruct" });
      }),
      [],
    );
  });
}

const autoscaling = { minReplicas: 1, maxReplicas: 2, waitingPerReplica: 25 };

function onEks(stack: Stack): void {
  const { context: _, ...rest } = stack.cluster;
  stack.cluster = {
    ...rest,
    kind: "eks",
    clusterStack: "organization/private-llm/c",
    storage: { weightsClass: "weights", metricsClass: "gp3" },
  };
}

test("an autoscaler is accepted where its Prometheus is named and its replicas have room", (t) => {
  t.deepEqual(
    faults((stack) => {
      onEks(stack);
      Object.assign(stack.monitoring, { prometheusUrl: "http://prometheus.monitoring.svc:9090" });
      Object.assign(model(stack), { autoscaling });
    }),
    [],
  );
});

test("room for one replica more is believed where the pool has it", (t) => {
  t.deepEqual(
    faults((stack) => Object.assign(stack, { policies: { spareGpus: true } })),
    [],
  );
});

const choice = `choose one of ${Object.keys(catalogue).toSorted(compareText).join(", ")}`;
const operatorOwnsDriver = { kind: "chart", driver: "operator" };

const table: readonly { title: string; change: (stack: Stack) => void; expected: string[] }[] = [
  {
    title: "an unknown key",
    change: (stack) => Object.assign(stack, { modles: [] }),
    expected: [
      "private-llm:modles: unknown key; check its spelling and its place (docs/configuration.md)",
    ],
  },
  {
    title: "an unknown key deep inside",
    change: (stack) => Object.assign(model(stack), { replica: 2 }),
    expected: [
      "private-llm:models[0].replica: unknown key; check its spelling and its place (docs/configuration.md)",
    ],
  },
  {
    title: "a driver of the operator without the site's own packages",
    change: (stack) => Object.assign(stack, { gpuOperator: operatorOwnsDriver }),
    expected: [
      "private-llm:gpuOperator.packageSources: missing; name the site's own package mirror, since the driver container would ask the internet",
    ],
  },
  {
    title: "packages for a driver that is in the node image",
    change: (stack) =>
      Object.assign(stack, {
        gpuOperator: { kind: "chart", driver: "image", packageSources: { "site.list": "deb x" } },
      }),
    expected: [
      "private-llm:gpuOperator.packageSources: belongs to driver operator; an image with a driver downloads no packages",
    ],
  },
  {
    title: "a package source whose name is a path",
    change: (stack) =>
      Object.assign(stack, {
        gpuOperator: { ...operatorOwnsDriver, packageSources: { "../site.list": "deb x" } },
      }),
    expected: [
      'private-llm:gpuOperator.packageSources.../site.list: "../site.list" is no file name; write one such as site.list',
    ],
  },
  {
    title: "a wrong type",
    change: (stack) => Object.assign(model(stack), { replicas: "two" }),
    expected: ['private-llm:models[0].replicas: "two": expected number, received string'],
  },
  {
    title: "a missing value",
    change: (stack) => {
      delete model(stack)["contextTokens"];
    },
    expected: ["private-llm:models[0].contextTokens: missing; expected number, received undefined"],
  },
  {
    title: "a GPU model that is in no table",
    change: (stack) => Object.assign(nodes(stack), { gpu: "h100" }),
    expected: [
      `private-llm:cluster.nodes.gpu: "h100" is unknown; choose one of ${Object.keys(gpuFacts).toSorted().join(", ")}`,
    ],
  },
  {
    title: "a model that the catalogue does not have",
    change: (stack) => Object.assign(model(stack), { model: "constructor" }),
    expected: [`private-llm:models[0].model: "constructor" is unknown; ${choice}`],
  },
  {
    title: "no word about which model",
    change: (stack) => {
      delete model(stack)["model"];
    },
    expected: [`private-llm:models[0].model: missing; ${choice}`],
  },
  {
    title: "a GPU count that no node has",
    change: (stack) => {
      Object.assign(nodes(stack), { gpusPerNode: 4, count: 4 });
    },
    expected: [
      "private-llm:models[0].gpus: 8 GPUs per replica, but no node has more than 4, and a replica never spans nodes; lower gpus, choose larger nodes, or store the weights in fewer bits (precision)",
    ],
  },
  {
    title: "a GPU count that the model cannot be split into",
    change: (stack) => Object.assign(model(stack), { gpus: 3 }),
    expected: [
      "private-llm:models[0].gpus: 3 does not divide the 64 attention heads and 8 key-value heads of llama-3-70b-instruct; use 1, 2, 4 or 8",
    ],
  },
  {
    title: "an adapter beside a model",
    change: (stack) => Object.assign(model(stack), { loraAdapters: [{ name: "a" }] }),
    expected: [
      "private-llm:models[0].loraAdapters: LoRA adapters are not served; merge the adapter into its base and declare the result in catalogue (docs/models.md)",
    ],
  },
  {
    title: "a replica over several nodes",
    change: (stack) => Object.assign(model(stack), { nodes: 2 }),
    expected: [
      "private-llm:models[0].nodes: a replica never spans nodes; choose gpus that one node has, or store the weights in fewer bits (precision)",
    ],
  },
  {
    title: "room for one replica more that the pool does not have",
    change: (stack) => {
      Object.assign(nodes(stack), { count: 1 });
      Object.assign(stack, { policies: { spareGpus: true } });
    },
    expected: [
      "private-llm:policies.spareGpus: true, and 1 nodes of 8 GPUs have no room for one more replica of llama-3-70b (8 GPUs), so a change that adds a pod first would wait for ever; set it to false, or add nodes",
    ],
  },
  {
    title: "an autoscaler on a cluster whose engines are simulated",
    change: (stack) => Object.assign(model(stack), { autoscaling }),
    expected: [
      "private-llm:models[0].autoscaling: a local cluster runs neither KEDA nor an engine whose queue could grow; leave it out, replicas says how many run",
    ],
  },
  {
    title: "an autoscaler whose Prometheus nobody named",
    change: (stack) => {
      onEks(stack);
      Object.assign(model(stack), { autoscaling });
    },
    expected: [
      "private-llm:monitoring.prometheusUrl: missing; models with autoscaling need the base URL of the Prometheus that reads the engines, such as http://prometheus.monitoring.svc:9090",
    ],
  },
  {
    title: "an autoscaler that may start more than the nodes hold",
    change: (stack) => {
      onEks(stack);
      Object.assign(stack.monitoring, { prometheusUrl: "http://prometheus.monitoring.svc:9090" });
      Object.assign(model(stack), { autoscaling: { ...autoscaling, maxReplicas: 3 } });
    },
    expected: [
      "private-llm:models: the replicas want 24 GPUs and 1 of them find no room on 2 nodes of 8 GPUs; lower replicas, autoscaling.maxReplicas or gpus, or add nodes",
    ],
  },
  {
    title: "an autoscaler whose numbers contradict each other",
    change: (stack) => {
      onEks(stack);
      Object.assign(stack.monitoring, { prometheusUrl: "http://prometheus.monitoring.svc:9090" });
      Object.assign(model(stack), { replicas: 2 });
      Object.assign(model(stack), { autoscaling: { ...autoscaling, maxReplicas: 1 } });
    },
    expected: [
      "private-llm:models[0].replicas: 2 is not within autoscaling, 1 to 1; replicas is what runs while Prometheus gives no number",
    ],
  },
  {
    title: "more replicas than the nodes hold",
    change: (stack) => Object.assign(model(stack), { replicas: 3 }),
    expected: [
      "private-llm:models: the replicas want 24 GPUs and 1 of them find no room on 2 nodes of 8 GPUs; lower replicas, autoscaling.maxReplicas or gpus, or add nodes",
    ],
  },
  {
    title: "more nodes than one stack holds",
    change: (stack) => Object.assign(nodes(stack), { count: 1_000_000_000 }),
    expected: [
      "private-llm:cluster.nodes.count: 1000000000: is more than the 200 that one stack holds; split the stack",
    ],
  },
  {
    title: "a context longer than the model was trained for",
    change: (stack) => Object.assign(model(stack), { contextTokens: 16384 }),
    expected: [
      "private-llm:models[0].contextTokens: 16384 is longer than the 8192 tokens llama-3-70b-instruct was trained for; lower it",
    ],
  },
  {
    title: "two models of one name",
    change: (stack) => stack.models.push({ ...model(stack) }),
    expected: ["private-llm:models[1].name: llama-3-70b is used twice; names must differ"],
  },
  {
    title: "overlapping address ranges",
    change: (stack) => Object.assign(stack.cluster.network, { nodeCidr: "10.244.8.0/24" }),
    expected: [
      "private-llm:cluster.network.nodeCidr: 10.244.8.0/24 overlaps podCidr 10.244.0.0/16; give each its own range",
    ],
  },
  {
    title: "an address range that is none",
    change: (stack) => Object.assign(stack.cluster.network, { podCidr: "10.244.0.1/16" }),
    expected: [
      'private-llm:cluster.network.podCidr: "10.244.0.1/16" has address bits set behind its prefix /16; write 10.244.0.0/16',
    ],
  },
  {
    title: "two namespaces of one name",
    change: (stack) => Object.assign(stack.namespaces, { gateway: "inference" }),
    expected: [
      'private-llm:namespaces.gateway: "inference" has two roles; give each role a namespace of its own',
    ],
  },
  {
    title: "a registry with a scheme",
    change: (stack) => Object.assign(stack.registry, { host: "https://registry" }),
    expected: [
      'private-llm:registry.host: "https://registry": must be a host name with an optional port, without scheme or path',
    ],
  },
  {
    title: "no model at all",
    change: (stack) => stack.models.splice(0),
    expected: ["private-llm:models: []: name at least one model to serve"],
  },
  {
    title: "a monitoring chart on a cluster whose containers are simulated",
    change: (stack) => Object.assign(stack.monitoring, { kind: "chart" }),
    expected: [
      "private-llm:monitoring.kind: chart needs containers that run; on a local cluster use existing",
    ],
  },
  {
    title: "an unknown layer",
    change: (stack) => Object.assign(stack, { layer: "both" }),
    expected: ['private-llm:layer: "both" is neither cluster nor platform'],
  },
];

for (const { title, change, expected } of table) {
  test(`refused with field, value, reason and remedy: ${title}`, (t) => {
    t.deepEqual(faults(change), expected);
  });
}

test("all faults arrive in one message, those between sections included", (t) => {
  const found = faults((stack) => {
    Object.assign(stack, { modles: 1 });
    Object.assign(model(stack), { gpus: 16 });
    Object.assign(stack.registry, { host: "" });
  });
  t.is(found.length, 4);
  t.true(found.some((fault) => fault.includes("no node has more than 8")));
});

test("hosts of one name, one address and outside the node network are named one by one", (t) => {
  const host = { role: "gpu", zone: "a", rack: "r1", gpu: { model: "a100-sxm-80gb", count: 8 } };
  const found = faults((stack) => {
    const { nodes: _, ...cluster } = stack.cluster;
    stack.cluster = {
      ...cluster,
      kind: "bare-metal",
      storage: { weightsClass: "weights", metricsClass: "metrics" },
      hosts: [
        { ...host, name: "gpu-1", address: "10.10.0.1" },
        { ...host, name: "gpu-1", address: "10.10.0.1" },
        { ...host, name: "gpu-3", address: "10.99.0.1" },
      ],
    };
  });
  t.deepEqual(found, [
    "private-llm:cluster.hosts[1].name: gpu-1 is also the name of hosts[0]; give every host its own name",
    "private-llm:cluster.hosts[1].address: 10.10.0.1 is also the address of hosts[0]; give every host and every BMC an address of its own",
    "private-llm:cluster.hosts[2].address: 10.99.0.1 of gpu-3 lies outside nodeCidr 10.10.0.0/16; correct the address or the range",
  ]);
});
