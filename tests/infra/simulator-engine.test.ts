import test from "ava";
import { engines } from "../../components/engines/engines.ts";
import { ConfigError } from "../../infra/config/faults.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { unusedImages } from "../../infra/unused-images.ts";
import { images } from "../../infra/versions.ts";
import { parseOptions } from "../../tools/simulator/options.ts";
import { startSimulator } from "../../tools/simulator/process.ts";
import { at, entries } from "../components/lib/look.ts";
import { command, container, deployment } from "../components/model-server-fixture.ts";
import { command as cli } from "../support/command.ts";
import { replaceOnce, repositoryCopy } from "../support/repository-copy.ts";
import { devStack } from "./dev-stack.ts";

const engine = "simulator";

function simulated(more: object = {}) {
  const stack = devStack();
  return { ...stack, models: stack.models.map((model) => ({ ...model, engine, ...more })) };
}

test("a local stack may serve a model by the simulator, and pulls no vLLM then", (t) => {
  const stack = parseStack(simulated(), "private-llm");
  const unused = unusedImages(stack);
  t.true(unused.includes(images.vllm));
  t.false(unused.includes(images.simulator));
  t.true(unusedImages(parseStack(devStack(), "private-llm")).includes(images.simulator));
});

test("any other cluster refuses the simulator, with place and remedy", (t) => {
  const stack = simulated();
  const { network, nodes } = stack.cluster;
  const cluster = {
    kind: "eks",
    clusterStack: "organization/private-llm/staging-cluster",
    network,
    nodes,
    storage: { weightsClass: "efs", metricsClass: "gp3" },
  };
  const error = t.throws(() => parseStack({ ...stack, cluster }, "private-llm"), {
    instanceOf: ConfigError,
  });
  const fault = error?.faults.find(({ path }) => path.join(".") === "models.0.engine");
  t.regex(fault?.message ?? "", /only a local cluster may run it; remove it, or set vllm/);
});

test("the simulator takes no further flags", (t) => {
  const error = t.throws(() => parseStack(simulated({ extraArgs: ["--fire"] }), "private-llm"), {
    instanceOf: ConfigError,
  });
  t.deepEqual(
    error?.faults.map(({ path }) => path.join(".")),
    ["models.0.extraArgs.0"],
  );
});

test("its pod holds no GPU, and the key comes from the Secret alone", async (t) => {
  const made = await container({ engine });
  const resources = entries(made, "resources").flatMap(([, part]) => entries(part));
  t.deepEqual(
    resources.filter(([name]) => name.includes("nvidia")),
    [],
  );
  t.deepEqual(at(made, "env"), [
    {
      name: "SIMULATOR_API_KEY",
      valueFrom: { secretKeyRef: { name: "llama-api-key", key: "api-key" } },
    },
  ]);
  const { inputs } = await deployment({ engine });
  const labels = at(inputs, "spec", "selector", "matchLabels");
  t.is(at(labels, "app.kubernetes.io/name"), engines.simulator.id);
});

test("the simulator itself takes the rendered command line, and answers by it", async (t) => {
  const [node, script, ...words] = await command({ engine, contextTokens: 4096 });
  t.deepEqual([node, script], ["node", "/simulator/main.ts"]);
  const parsed = parseOptions(words);
  if (!parsed.ok) throw new Error(parsed.faults.join("\n"));
  // All that a test changes: where it listens, and where the key comes from.
  process.env["SIMULATOR_TEST_KEY"] = "right";
  const started = await startSimulator({
    ...parsed.options,
    host: "127.0.0.1",
    port: 0,
    controlPort: 0,
    apiKeyVariable: "SIMULATOR_TEST_KEY",
  });
  t.teardown(() => started.stop());
  const health = await fetch(`${started.url}${engines.simulator.healthPath}`);
  t.is(health.status, 200);
  t.is((await fetch(`${started.url}/v1/models`)).status, 401);
  const answer = await fetch(`${started.url}/v1/models`, {
    headers: { authorization: "Bearer right" },
  });
  const models: unknown = await answer.json();
  t.is(at(models, "data", 0, "id"), "llama-public");
  t.is(at(models, "data", 0, "max_model_len"), 4096);
});

test("a whole stack with the simulator is clean where it allows the container, and told where not", async (t) => {
  const folder = await repositoryCopy(t);
  const file = "stacks/Pulumi.dev.yaml";
  const line = "      model: llama-3-70b-instruct\n";
  await replaceOnce(folder, file, line, `${line}      engine: simulator\n`);
  const refused = await cli(folder, ["check", "dev"]);
  t.is(refused.code, 1, refused.stderr);
  t.regex(
    refused.stdout,
    /"simulator" is a container beside the engine that the stack does not name/,
  );
  const models = "  private-llm:models:\n";
  const allowed = "  private-llm:policies:\n    containers: [simulator]\n";
  await replaceOnce(folder, file, models, `${allowed}${models}`);
  const { code, stdout, stderr } = await cli(folder, ["check", "dev"]);
  t.is(code, 0, `${stdout}${stderr}`);
});
