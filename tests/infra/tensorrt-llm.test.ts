import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { tensorRtLlmEngine } from "../../components/engines/tensorrt-llm.ts";
import { ConfigError } from "../../infra/config/faults.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { edgesOf } from "../../infra/edges.ts";
import { unusedImages } from "../../infra/unused-images.ts";
import { images } from "../../infra/versions.ts";
import { tensorRtLlm } from "../../policies/engines/tensorrt-llm.ts";
import { readCommandLine } from "../../policies/kubernetes/command-line.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { evaluate } from "../../policies/runner.ts";
import { at, list, text } from "../components/lib/look.ts";
import { command, container, deployment } from "../components/model-server-fixture.ts";
import { kube, settings } from "../policies/good-graph.ts";
import { digest } from "../policies/mutants/mutant.ts";
import { command as cli } from "../support/command.ts";
import { replaceOnce, repositoryCopy } from "../support/repository-copy.ts";
import { devStack } from "./dev-stack.ts";

const engine = "tensorrt-llm";
const image = `registry.internal/llm/tensorrt-llm/release@${digest}`;

/** A task class whose requests stay with the model of the fixture. */
const publicClass = {
  name: "drafts",
  criticality: "medium",
  dataClass: "public",
  backends: [{ kind: "local", name: "self-hosted", model: "llama-3-70b" }],
};

function gatewayOf(...taskClasses: readonly object[]) {
  return {
    publicModel: "private-llm",
    phase: "poc",
    tls: { kind: "development" },
    clients: [{ namespace: "apps" }],
    taskClasses,
  };
}

function stackOf(change: object = {}, gateway: object = gatewayOf(publicClass)) {
  const stack = devStack();
  const models = stack.models.map((model) => ({ ...model, engine, prefixCache: true, ...change }));
  return { ...stack, models, gateway };
}

function parsed(change: object = {}) {
  const stack = parseStack(stackOf(change), "private-llm");
  if (stack.layer !== "platform") throw new Error("the fixture is a platform stack");
  return stack;
}

test("its command line", async (t) => {
  t.deepEqual(await command({ engine, prefixCache: true, toolParser: "llama3_json" }), [
    "trtllm-serve",
    "serve",
    "/models/llama-3-70b-instruct/0123abc",
    "--host=0.0.0.0",
    "--port=8000",
    "--backend=pytorch",
    "--tensor_parallel_size=4",
    "--max_seq_len=8192",
    "--max_batch_size=256",
    "--max_num_tokens=2048",
    "--free_gpu_memory_fraction=0.9",
    "--enable_chunked_prefill",
    "--log_level=info",
  ]);
});

test("every flag and variable is one that the policies have reviewed, by its full name", async (t) => {
  const line = readCommandLine(
    { path: "", value: { command: await command({ engine }) } },
    "containers",
    tensorRtLlm,
  );
  t.deepEqual(line?.faults, []);
  t.is(line?.positionals.length, 1);
  for (const { name } of line?.flags ?? []) t.true(tensorRtLlm.flags.has(name), name);
  t.is(line?.flags.length, 10);
  for (const { name } of tensorRtLlmEngine.environment("secret")) {
    t.true(tensorRtLlm.variables.has(name), name);
  }
});

test("it goes by the folder of its weights, and is judged alive by its health page", async (t) => {
  const weightsPath = "llama-3-70b-instruct/0123abc";
  t.is(tensorRtLlmEngine.modelName({ servedName: "public", weightsPath }), "0123abc");
  t.is(at(await container({ engine }), "livenessProbe", "httpGet", "path"), "/health");
  const { inputs } = await deployment({ engine });
  const labels = at(inputs, "spec", "selector", "matchLabels");
  t.is(at(labels, "app.kubernetes.io/name"), engine);
  const grace = at(inputs, "spec", "template", "spec", "terminationGracePeriodSeconds");
  t.true(Number(grace) > tensorRtLlmEngine.drainSeconds);
});

test("it reads verified weights and asks for its GPUs as vLLM does", async (t) => {
  const { inputs } = await deployment({ engine });
  const spec = at(inputs, "spec", "template", "spec");
  t.deepEqual(
    list(spec, "initContainers").map((each) => text(at(each, "name"))),
    ["verify-weights"],
  );
  t.is(at(spec, "containers", 0, "resources", "limits", "nvidia.com/gpu"), "4");
});

const refused: readonly (readonly [
  title: string,
  stack: ReturnType<typeof stackOf>,
  path: string,
  message: RegExp,
])[] = [
  [
    "prefixes without a salt",
    stackOf({ prefixCache: false }),
    "models.0.prefixCache",
    /no flag switches that off/,
  ],
  [
    "a class with a provider",
    stackOf(
      {},
      gatewayOf({
        ...publicClass,
        backends: [
          ...publicClass.backends,
          { kind: "external", name: "far", provider: "openai", model: "gpt-4-turbo" },
        ],
      }),
    ),
    "models.0.prefixCache",
    /may go to a provider/,
  ],
  [
    "data that is not public",
    stackOf(
      {},
      gatewayOf(publicClass, { ...publicClass, name: "contracts", dataClass: "restricted" }),
    ),
    "models.0.engine",
    /task class contracts, whose data is not public/,
  ],
  [
    "a checkpoint of vLLM",
    stackOf({ precision: "awq" }),
    "models.0.precision",
    /use bf16, or vllm/,
  ],
  [
    "a cache in FP8",
    stackOf({ cachePrecision: "fp8" }),
    "models.0.cachePrecision",
    /no flag of tensorrt-llm/,
  ],
  [
    "a forbidden flag",
    stackOf({ extraArgs: ["--trust_remote_code"] }),
    "models.0.extraArgs.0",
    /takes no further flags/,
  ],
  [
    "a file of settings",
    stackOf({ extraArgs: ["--config=/models/x.yaml"] }),
    "models.0.extraArgs.0",
    /takes no further flags/,
  ],
];

for (const [title, stack, path, message] of refused) {
  test(`refused: ${title}`, (t) => {
    const error = t.throws(() => parseStack(stack, "private-llm"), { instanceOf: ConfigError });
    const found = error?.faults.filter((fault) => fault.path.join(".") === path) ?? [];
    t.regex(found.map((fault) => fault.message).join("\n"), message);
  });
}

test("vLLM may do all of that", (t) => {
  for (const change of [{ prefixCache: false }, { precision: "awq", gpus: 4 }]) {
    t.notThrows(() => parseStack(stackOf({ engine: "vllm", ...change }), "private-llm"));
  }
});

test("an autoscaler is refused, as nothing says how many requests wait", (t) => {
  const { cluster, ...rest } = stackOf({
    autoscaling: { minReplicas: 1, maxReplicas: 2, waitingPerReplica: 5 },
  });
  const { network, nodes } = cluster;
  const eks = {
    kind: "eks",
    clusterStack: "organization/private-llm/staging-cluster",
    network,
    nodes,
    storage: { weightsClass: "efs", metricsClass: "gp3" },
  };
  const error = t.throws(() => parseStack({ ...rest, cluster: eks }, "private-llm"), {
    instanceOf: ConfigError,
  });
  const fault = error?.faults.find(({ path }) => path.join(".") === "models.0.autoscaling");
  t.regex(fault?.message ?? "", /no metric whose name was read/);
  // A model of another engine beside it may have an autoscaler, which then needs a Prometheus: told at the same time.
  const [own] = rest.models;
  const models = [own, { ...own, name: "second", engine: "vllm" }];
  const both = t.throws(() => parseStack({ ...rest, models, cluster: eks }, "private-llm"), {
    instanceOf: ConfigError,
  });
  const paths = both?.faults.map(({ path }) => path.join("."));
  t.true(paths?.includes("models.0.autoscaling"));
  t.true(paths?.includes("monitoring.prometheusUrl"));
});

test("its image is pulled where a stack names it alone, and Prometheus has no way to it", (t) => {
  const stack = parsed();
  t.false(unusedImages(stack).includes(images.tensorRtLlm));
  t.true(unusedImages(stack).includes(images.vllm));
  t.true(unusedImages(parseStack(devStack(), "private-llm")).includes(images.tensorRtLlm));
  const names = (change: object) => edgesOf(parsed(change)).map(({ name }) => name);
  t.false(names({}).includes("metrics-of-llama-3-70b"));
  t.true(names({ engine: "vllm" }).includes("metrics-of-llama-3-70b"));
});

test("without the gateway's salt, A09 finds that tenants share prefixes", async (t) => {
  const body = {
    spec: { containers: [{ name: "c", image, command: await command({ engine }) }] },
  };
  const pod = kube("core/v1:Pod", "tried", "inference", body);
  const { findings } = evaluate(graphOf([pod]), settings);
  t.true(findings.some(({ policy, problem }) => policy === "A09" && /prefixes on/.test(problem)));
});

/** Exceptions for both rules that no setting of the engine could satisfy. */
function exceptions(...policies: readonly string[]): string {
  const each = policies.map(
    (policy) =>
      `      - { policy: ${policy}, object: Deployment inference/llama-3-70b, reason: A trial with a text model., owner: platform, expires: 2999-12-31 }\n`,
  );
  return `  private-llm:policies:\n    exceptions:\n${each.join("")}`;
}

/** The gateway of the stack file, with one class and no provider. */
async function keepPublicClass(folder: string, file: string): Promise<void> {
  const place = join(folder, file);
  const key = "  private-llm:gateway:";
  const [before = ""] = (await readFile(place, "utf8")).split(key);
  await writeFile(place, `${before}${key} ${JSON.stringify(gatewayOf(publicClass))}\n`);
}

test("a whole stack breaks A04 and A13 and no other rule; with exceptions for both it is clean", async (t) => {
  const folder = await repositoryCopy(t);
  const file = "stacks/Pulumi.dev.yaml";
  const line = "      model: llama-3-70b-instruct\n";
  await replaceOnce(
    folder,
    file,
    line,
    `${line}      engine: ${engine}\n      prefixCache: true\n`,
  );
  await keepPublicClass(folder, file);
  const refusal = await cli(folder, ["check", "dev", "--format", "json"]);
  t.is(refusal.code, 1, refusal.stderr);
  const report: unknown = JSON.parse(refusal.stdout);
  t.deepEqual(
    list(report, "stacks", 0, "findings").map((finding) => at(finding, "policy")),
    ["A04", "A13"],
  );
  const models = "  private-llm:models:\n";
  await replaceOnce(folder, file, models, `${exceptions("A04", "A13")}${models}`);
  const { code, stdout, stderr } = await cli(folder, ["check", "dev"]);
  t.is(code, 0, `${stdout}${stderr}`);
  t.regex(stdout, /^experimental: llama-3-70b runs on tensorrt-llm; names declared, not verified/m);
  t.regex(
    (await cli(folder, ["fit", "dev"])).stdout,
    /An estimate: the arithmetic is that of vLLM/,
  );
});
