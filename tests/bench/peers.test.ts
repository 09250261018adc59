import { readFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { parseAllDocuments } from "yaml";
import {
  novel,
  readCheckov,
  readConftest,
  readKubeScore,
  readNca,
} from "../../bench/peers/findings.ts";
import { findingsTable } from "../../bench/peers/findings-table.ts";
import { kubeYaml } from "../../bench/peers/kube-yaml.ts";
import { generatedManifests, objectsIn } from "../../bench/peers/manifests.ts";
import { peers } from "../../bench/peers/peers.ts";
import { runCommand, TimeOver } from "../../bench/peers/run-command.ts";
import { defaultOptions, type Resource } from "../../policies/model/resource.ts";
import { unknown, type ValueObject } from "../../policies/model/value.ts";
import type { Leak } from "../leaks/leak.ts";
import { repository } from "../support/repository-copy.ts";

for (const deployments of [1, 10, 40]) {
  test(`generated manifests for ${deployments} Deployments hold as many policies, and walls`, (t) => {
    const documents = parseAllDocuments(generatedManifests(deployments));
    const kinds = documents.map((document) => String(document.get("kind")));
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    t.is(kinds.length, objectsIn(deployments));
    t.is(count("Deployment"), deployments);
    t.is(count("NetworkPolicy"), deployments + count("Namespace"));
  });
}

test("what checkov fails is read, and so is its short answer where it knows no object", (t) => {
  const failed = { check_id: "CKV_K8S_12", resource: "Deployment.a.b", check_result: {} };
  const report = { check_type: "kubernetes", results: { failed_checks: [failed] }, summary: {} };
  t.deepEqual(readCheckov(JSON.stringify(report)), ["CKV_K8S_12 Deployment.a.b"]);
  t.deepEqual(
    readCheckov('{"passed": 0, "failed": 0, "parsing_errors": 0, "resource_count": 0}'),
    [],
  );
  t.throws(() => readCheckov(""));
  t.throws(() => readCheckov('{"error": "no"}'));
});

test("the map of network-config-analyzer is read without its time and the name of its folder", (t) => {
  const printed = (folder: string, seconds: string) =>
    [
      "global: cluster has 6 unique endpoints, 4 namespaces",
      `final fw rules for query: , config: ${folder}**:`,
      "src_ns: [a] src_pods: [*] dst: 0.0.0.0/0 conn: All connections",
      "",
      `Total run time:   ${seconds} seconds`,
    ].join("\n");
  const rules = ["src_ns: [a] src_pods: [*] dst: 0.0.0.0/0 conn: All connections"];
  t.deepEqual(readNca(printed("one", "0.33")), rules);
  t.deepEqual(readNca(printed("two", "0.41")), rules);
  t.throws(() => readNca("Traceback"), { message: /no map/ });
});

test("only what kube-score complains of is read, and no line at all is no answer", (t) => {
  const complaint =
    "[CRITICAL] a/b apps/v1/Deployment: The pod does not have a matching NetworkPolicy";
  t.deepEqual(readKubeScore(`[OK] a/b apps/v1/Deployment\n${complaint}\n`), [complaint]);
  t.deepEqual(readKubeScore("[OK] a/b apps/v1/Deployment\n"), []);
  t.throws(() => readKubeScore(""), { message: /read no object/ });
});

test("failures of conftest are read", (t) => {
  const files = [
    { filename: "all.yaml", namespace: "main", successes: 3 },
    { filename: "all.yaml", namespace: "main", successes: 0, failures: [{ msg: "a/b is open" }] },
  ];
  t.deepEqual(readConftest(JSON.stringify(files)), ["a/b is open"]);
  t.throws(() => readConftest(""));
});

test("a line that comes once more than before is new", (t) => {
  t.deepEqual(novel(["a", "b", "b"], ["b", "a"]), []);
  t.deepEqual(novel(["a", "b"], ["b", "a", "b", "c"]), ["b", "c"]);
});

test("manifests state what the API server wants, and a text where the engine knows no value", (t) => {
  const properties: ValueObject = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { labels: { zone: unknown } },
  };
  const resource: Resource = {
    urn: "urn:pulumi:test::private-llm::kubernetes:core/v1:NodePatch::gpu-1",
    type: "kubernetes:core/v1:NodePatch",
    name: "gpu-1",
    properties,
    dependencies: [],
    options: defaultOptions,
  };
  t.deepEqual(
    parseAllDocuments(kubeYaml([resource])).map((each): unknown => each.toJS()),
    [{ apiVersion: "v1", kind: "Node", metadata: { labels: { zone: "unknown" }, name: "gpu-1" } }],
  );
});

test("a row is seen in all, some or none of the variants that were asked about", (t) => {
  const variant = (name: string) => ({
    name,
    title: name,
    stack: "dev" as const,
    change: (graph: readonly Resource[]) => graph,
  });
  const leak = (row: number, ...names: readonly string[]): Leak => ({
    row,
    title: `leak ${row}`,
    catchers: [],
    column: "policy",
    variants: names.map(variant),
  });
  const own = { name: "own", seen: new Set(["2/a", "2/b"]), unanswered: new Set<string>() };
  const tool = { name: "tool", seen: new Set(["1/a", "2/a"]), unanswered: new Set(["2/b"]) };
  const leaks = [leak(1, "a"), leak(2, "a", "b"), leak(3, "a"), leak(4, "cloud"), leak(5)];
  t.deepEqual(findingsTable(leaks, new Set(["1/a", "2/a", "2/b", "3/a"]), [own, tool]), [
    "| row | leak | asked | own | tool |",
    "| --: | --- | --: | --- | --- |",
    "| 1 | leak 1 | 1 | none | all |",
    "| 2 | leak 2 | 2 | all | some (1), no answer 1 |",
    "| 3 | leak 3 | 1 | none | none |",
    "|  | variants seen | 4 | 2 | 2 |",
    "|  | variants without an answer | 4 | 0 | 1 |",
    "|  | rows seen in all variants | 3 | 1 | 1 |",
    "|  | rows seen in some | 3 | 0 | 1 |",
    "|  | rows seen in none | 3 | 2 | 1 |",
    "",
    "seen by others and not by own: 1/a (tool)",
    "not Kubernetes: not asked: 1 variants (4/cloud); without variants: rows 5",
  ]);
});

test("a command that takes too long is ended and told as such", async (t) => {
  await t.throwsAsync(() => runCommand(["sleep", "30"], 0.3), { instanceOf: TimeOver });
  t.is((await runCommand(["sh", "-c", "echo said; exit 3"], 30)).code, 3);
  t.is((await runCommand(["sh", "-c", "echo said; exit 3"], 30)).stdout, "said\n");
});

test("the versions of docs/dependencies.md are those that are installed", async (t) => {
  const page = await readFile(path.join(repository, "docs/dependencies.md"), "utf8");
  for (const { name, version } of peers) t.true(page.includes(`| ${name} | ${version} |`), name);
});
