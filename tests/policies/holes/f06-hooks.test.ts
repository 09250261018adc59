import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { diskCache } from "../../../offline/charts/cache.ts";
import { chartType, expandCharts } from "../../../offline/charts/expand.ts";
import type { RecordedResource } from "../../../offline/recorder.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import { defaultOptions } from "../../../policies/model/resource.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import { evaluate } from "../../../policies/runner.ts";
import { command } from "../../support/command.ts";
import { repository } from "../../support/repository-copy.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { helm } from "../../support/tools.ts";
import { settings } from "../good-graph.ts";

const policy = (name: string, annotations: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  annotations: ${annotations}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`;

/** A chart that brings its namespace, and the wall of it as a hook only. */
const files = {
  "walls/Chart.yaml": "apiVersion: v2\nname: walls\nversion: 1.0.0\n",
  "walls/templates/namespace.yaml":
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: inference\n",
  "walls/templates/deny.yaml": policy("deny", '{"helm.sh/hook": "pre-install,pre-upgrade"}'),
  "walls/templates/tests/probe.yaml": policy("probe", '{"helm.sh/hook": test}'),
};

async function expand(t: ExecutionContext, inputs: ValueObject = {}) {
  const directory = await temporaryFolder(t, files);
  const chart: RecordedResource = {
    urn: `urn:pulumi:s::p::${chartType}::walls`,
    type: chartType,
    name: "walls",
    properties: { chart: "walls", version: "1.0.0", namespace: "inference", ...inputs },
    secrets: [],
    custom: false,
    dependencies: [],
    options: defaultOptions,
  };
  const cache = diskCache(await temporaryFolder(t));
  const options = { directory, kubernetesVersion: "1.37.2", helm, cache };
  await expandCharts([chart], options);
  // The second time from the cache, which must not forget the hooks.
  return expandCharts([chart], options);
}

test("F6: a hook stands in no graph, is named with its moments, and no rule counts on it", async (t) => {
  const { resources, hooks, undecided } = await expand(t);
  t.deepEqual(undecided, []);
  t.deepEqual(
    resources.slice(1).map(({ type }) => type),
    ["kubernetes:core/v1:Namespace"],
  );
  t.deepEqual(hooks, [
    { chart: "walls 1.0.0", object: "NetworkPolicy deny", events: "pre-install,pre-upgrade" },
  ]);
  const { findings } = evaluate(graphOf(resources), settings);
  t.true(
    findings.some(({ policy: id, object }) => id === "E04" && object === "Namespace inference"),
  );
});

test("F6: a chart that hands its hooks to another tool is refused", async (t) => {
  const { resources } = await expand(t, { includeHooks: true });
  const { findings } = evaluate(graphOf(resources), settings);
  t.true(findings.some(({ policy: id, path: at }) => id === "C02" && at === "includeHooks"));
});

test("F6: a chart whose objects go through another program is refused", async (t) => {
  const { resources } = await expand(t, { postRenderer: { command: "sed" } });
  const { findings } = evaluate(graphOf(resources), settings);
  t.true(findings.some(({ policy: id, path: at }) => id === "C02" && at === "postRenderer"));
});

test("F6: check names the hooks of a stack's charts, in text and in JSON", async (t) => {
  const charts = ["--charts", path.join(repository, "tests/fixtures/charts")];
  const text = await command(repository, ["check", "staging", ...charts]);
  t.is(text.code, 0);
  t.true(
    text.stdout.includes(
      "Hooks, which helm.sh/v4:Chart does not deploy; nothing may rely on them:\n    - gpu-operator v26.7.0: Job gpu-operator-upgrade-crd (pre-upgrade)\n",
    ),
  );
  const json = await command(repository, ["check", "staging", ...charts, "--format", "json"]);
  t.like(JSON.parse(json.stdout), {
    stacks: { 0: { hooks: { 0: { object: "Job gpu-operator-upgrade-crd" } } } },
  });
});
