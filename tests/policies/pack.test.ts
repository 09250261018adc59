import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { runPackProcess } from "../../offline/pack-process.ts";
import { findingMessage, policyName } from "../../policies/message.ts";
import type { Finding } from "../../policies/model/finding.ts";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import { rules } from "../../policies/rules.ts";
import { evaluate } from "../../policies/runner.ts";
import { settingsOfStack } from "../../policies/settings/stack-file.ts";
import { goodResources } from "./good-graph.ts";
import { mutants } from "./mutant-table.ts";
import { everyMutant } from "./support/every-mutant.ts";

function line(finding: Finding): string {
  return [
    policyName({ id: finding.policy, name: finding.name }),
    finding.urn,
    findingMessage(finding),
  ].join(" | ");
}

test("the pack as a process finds what the rules find in process, on every mutant at once", async (t) => {
  const resources = everyMutant("dev");
  const { settings, fault } = settingsOfStack("dev");
  t.is(fault, undefined);
  const expected = evaluate(graphOf(resources), settings).findings.map(line);
  const found = await runPackProcess(resources, "dev");
  const actual = found.map((each) => [each.policy, each.urn, each.message].join(" | "));
  t.deepEqual(actual.toSorted(), expected.toSorted());
  t.deepEqual(
    rules.map(policyName).filter((name) => !found.some((each) => each.policy === name)),
    [],
  );
  const levels = new Map(rules.map((rule) => [policyName(rule), rule.enforcement]));
  t.true(found.every((each) => each.enforcement === levels.get(each.policy)));
});

test("the pack refuses a stack whose file is missing, and applies the strictest settings", async (t) => {
  const found = await runPackProcess(goodResources, "test");
  const fault = found.find(({ message }) => message.startsWith("settings of the rules"));
  t.is(
    fault?.message,
    "settings of the rules: stacks/Pulumi.test.yaml cannot be used: it does not exist. Remedy: write the stack file as docs/configuration.md describes; until then the strictest settings hold",
  );
  t.is(fault?.enforcement, "mandatory");
  t.true(found.some((each) => each.policy === "W01-restricted-pods"));
});

const cli = spawnSync("pulumi", ["version"], { encoding: "utf8" });
const withCli = cli.error === undefined ? test : test.skip;

withCli(
  "the real Pulumi CLI loads the pack and refuses an open policy (needs pulumi on PATH)",
  async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), "policy-state-"));
    const file = path.join(folder, "state.json");
    const open = mutants.find((each) => each.title === "additive policy that allows all egress");
    const state = {
      version: 3,
      deployment: { manifest: {}, resources: (open?.resources ?? []).map(stateOf) },
    };
    await writeFile(file, JSON.stringify(state));
    const pack = path.join(import.meta.dirname, "..", "..", "policies");
    const args = ["policy", "analyze", "--file", file, "--policy-pack", pack, "--json"];
    const run = spawnSync("pulumi", args, { cwd: folder, encoding: "utf8" });
    await rm(folder, { recursive: true });
    t.is(run.status, 1, run.stderr);
    t.true(run.stdout.includes("NetworkPolicy inference/allow-all: spec.egress[0]"), run.stdout);
  },
);

function stateOf({ urn, type, properties }: Resource) {
  return { urn, type, custom: true, id: urn, inputs: properties, outputs: properties };
}
