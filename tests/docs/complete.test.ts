import { readFileSync } from "node:fs";
import * as path from "node:path";
import test from "ava";
import { parse } from "yaml";
import { z } from "zod";
import { allStacks } from "../../cli/support/stacks.ts";
import { tunableVllmFlags } from "../../components/engines/tunable-flags.ts";
import { vllmCommand, vllmEnvironment } from "../../components/engines/vllm.ts";
import { exitCodes } from "../../offline/report/stack-report.ts";
import type { Mapping } from "../../policies/model/rule.ts";
import { rules } from "../../policies/rules.ts";
import { engineArgs } from "../components/engines/engine-args.ts";
import { repository } from "../support/repository-copy.ts";
import { code, read } from "./support/documents.ts";

const packages = z.record(z.string(), z.string()).default({});
const manifest = z
  .object({ dependencies: packages, devDependencies: packages })
  .parse(JSON.parse(read("package.json")));

/** Words set as code on a page; `a`, `b` in one cell count as two. */
function named(file: string): ReadonlySet<string> {
  return new Set(code(read(file)).flatMap((span) => span.split(/[\s,|{}:]+/)));
}

function mapping({ gdpr = [], hipaa = [], cis = [], nsa = [] }: Mapping): string {
  const all = [
    ...gdpr.map((article) => `GDPR ${article}`),
    ...hipaa.map((section) => `HIPAA ${section}`),
    ...cis.map((id) => `CIS ${id}`),
    ...nsa.map((chapter) => `NSA ${chapter}`),
  ];
  return all.length === 0 ? "–" : all.join(", ");
}

test("the table of policies is that of the rules, row by row", (t) => {
  const rows = read("docs/policies.md")
    .split("\n")
    .filter((line) => /^\| [A-Z]\d\d \|/.test(line));
  t.deepEqual(
    rows,
    rules.map(
      (rule) =>
        `| ${rule.id} | \`${rule.name}\` | ${rule.level} | ${rule.severity} | ${rule.description} | ${mapping(rule.mapping)} |`,
    ),
  );
  const warning = rules.filter((rule) => rule.enforcement === "advisory").map(({ id }) => id);
  t.deepEqual(warning, ["A14", "O05", "O06"]);
  t.regex(
    read("docs/policies.md"),
    /Enforcement is mandatory, except A14, O05 and O06, which warn/,
  );
});

test("every flag and variable of the engine has its reason in docs/serving.md", (t) => {
  const page = named("docs/serving.md");
  const flags = vllmCommand(engineArgs)
    .filter((word) => word.startsWith("--"))
    .map((word) => word.split("=")[0] ?? "");
  const variables = vllmEnvironment("secret").flatMap(({ name }) =>
    typeof name === "string" ? [name] : [],
  );
  t.true(variables.length > 10);
  t.deepEqual(
    [...flags, ...variables].filter((word) => !page.has(word)),
    [],
  );
});

test("every flag that a stack may add stands in docs/serving.md", (t) => {
  const page = named("docs/serving.md");
  t.deepEqual(
    [...tunableVllmFlags].filter((flag) => !page.has(flag)),
    [],
  );
});

test("every dependency has its line in docs/dependencies.md, and no line is left over", (t) => {
  const page = read("docs/dependencies.md");
  const section = page.slice(0, page.indexOf("## Go modules"));
  const cells = [...section.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)];
  const listed = cells.flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
  t.deepEqual(
    listed.toSorted(),
    [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].toSorted(),
  );
});

test("every Go module whose tool is built has its line in docs/dependencies.md", (t) => {
  const page = read("docs/dependencies.md");
  const folders = [
    "cluster/kubernetes",
    "cluster/runtime",
    "data-plane/k6",
    "data-plane/ratelimit",
  ];
  const tools = folders.flatMap((folder) => {
    const text = read(`tools/${folder}/go.mod`);
    const built = /^(?:tool |\t)([\w./-]+\/(?:cmd|src)\/[\w-]+|go\.etcd\S+\/v3|go\.k6\.io\/k6)$/gm;
    return [...text.matchAll(built)].map(([, tool = ""]) => tool.replace(/\/(?:cmd|src)\/.*$/, ""));
  });
  t.true(tools.length > 6);
  t.deepEqual(
    tools.filter((tool) => !page.includes(`\`${tool}\``)),
    [],
  );
});

test("every key of a stack file is explained in docs/configuration.md", async (t) => {
  const page = named("docs/configuration.md");
  const project = z
    .object({ config: z.record(z.string(), z.unknown()) })
    .parse(parse(read("Pulumi.yaml")));
  const used = (await allStacks()).flatMap((stack) => {
    const file = path.join(repository, `stacks/Pulumi.${stack}.yaml`);
    return keysOf(parse(readFileSync(file, "utf8")));
  });
  const free = new Set(["config", "environment"]);
  const keys = [...Object.keys(project.config), ...used]
    .map((key) => key.replace(/^private-llm:/, ""))
    .filter((key) => !key.includes(":") && !free.has(key));
  t.true(keys.length > 50);
  t.deepEqual(
    [...new Set(keys)].filter((key) => !page.has(key)),
    [],
  );
});

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [key, ...keysOf(child)]);
}

test("the exit codes in docs/check.md are those of the program", (t) => {
  const page = read("docs/check.md");
  for (const verdict of ["clean", "violation", "undecided"] as const) {
    t.true(page.includes(`| ${exitCodes[verdict]} | ${verdict} |`), verdict);
  }
});
