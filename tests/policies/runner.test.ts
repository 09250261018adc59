import test from "ava";
import * as fc from "fast-check";
import { graphOf } from "../../policies/model/graph.ts";
import type { ResourceRule, StackRule } from "../../policies/model/rule.ts";
import { violation } from "../../policies/model/violation.ts";
import { evaluate } from "../../policies/runner.ts";
import { goodCloud } from "./cloud-graph.ts";
import { goodGateway } from "./gateway-graph.ts";
import { goodResources, kube, settings } from "./good-graph.ts";
import { mutants } from "./mutant-table.ts";

const facts = {
  id: "T01",
  name: "test-rule",
  description: "A rule of this test.",
  severity: "low",
  enforcement: "advisory",
  mapping: {},
  remedy: "do something else",
} as const;

const refuseServices: ResourceRule = {
  ...facts,
  level: "resource",
  check: (object) =>
    object.kind === "Service" ? [violation(object, { path: "spec", value: 1 }, "is refused")] : [],
};

test("a finding carries everything a report needs", (t) => {
  const service = kube(
    "core/v1:Service",
    "s",
    "inference",
    {},
    { source: { file: "a.yaml", line: 3 } },
  );
  const { findings } = evaluate(graphOf([service]), settings, [refuseServices]);
  t.deepEqual(findings, [
    {
      policy: "T01",
      name: "test-rule",
      severity: "low",
      enforcement: "advisory",
      object: "Service inference/s",
      urn: "urn:pulumi:test::private-llm::kubernetes:core/v1:Service::s",
      path: "spec",
      problem: "is refused",
      remedy: "do something else",
      source: { file: "a.yaml", line: 3 },
    },
  ]);
});

test("a resource rule that throws becomes a mandatory finding at its object and counts as not run", (t) => {
  const broken: ResourceRule = {
    ...facts,
    level: "resource",
    check: (object) => {
      if (object.kind === "Service") throw new Error("no idea");
      return [];
    },
  };
  const evaluation = evaluate(graphOf(goodResources), settings, [broken, refuseServices]);
  t.is(evaluation.defined, 2);
  t.is(evaluation.run, 1);
  const [found] = evaluation.findings.filter((each) => each.enforcement === "mandatory");
  t.is(found?.object, "Service inference/llama");
  t.is(found?.problem, "the rule broke down (no idea), so nothing is known");
});

test("a stack rule that throws becomes a mandatory finding of the graph", (t) => {
  const broken: StackRule = {
    ...facts,
    level: "stack",
    check: () => {
      throw new Error("no idea");
    },
  };
  const { findings, run } = evaluate(graphOf(goodResources), settings, [broken]);
  t.is(run, 0);
  t.deepEqual(
    findings.map(({ object, enforcement }) => [object, enforcement]),
    [["the graph", "mandatory"]],
  );
});

test("what came of each rule is counted by rule", (t) => {
  const { byRule } = evaluate(graphOf(goodResources), settings, [refuseServices]);
  t.deepEqual(byRule, [{ rule: refuseServices, findings: 1, completed: true }]);
});

test("lists are taken apart, and paths say where in the list an object stands", (t) => {
  const list = kube("core/v1:List", "all", undefined, {
    items: [
      { apiVersion: "v1", kind: "ServiceList", items: [{ metadata: { name: "deep" } }] },
      { apiVersion: "v1", kind: "Service", metadata: { name: "flat", namespace: "web" } },
    ],
  });
  const { findings } = evaluate(graphOf([list]), settings, [refuseServices]);
  t.deepEqual(
    findings.map(({ object, path, urn }) => [object, path, urn]),
    [
      ["Service default/deep", "items[0].items[0].spec", list.urn],
      ["Service web/flat", "items[1].spec", list.urn],
    ],
  );
});

test("the order of the graph changes nothing in the findings", (t) => {
  const good = new Set([...goodResources, ...goodCloud, ...goodGateway]);
  const all = mutants.flatMap((mutant, index) =>
    mutant.resources
      .filter((each) => !good.has(each))
      .map((each) => ({ ...each, urn: `${each.urn}-${index}` })),
  );
  const expected = evaluate(graphOf(all), settings).findings;
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      t.deepEqual(evaluate(graphOf(shuffled), settings).findings, expected);
    }),
    { numRuns: 10 },
  );
});
