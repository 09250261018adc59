import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import type { Settings } from "../../policies/model/settings.ts";
import type { Value } from "../../policies/model/value.ts";
import { evaluate } from "../../policies/runner.ts";
import { changed, goodResources, settings } from "./good-graph.ts";
import { commandOf, foreign, servingStack } from "./mutants/fit.ts";
import { engine } from "./mutants/mutant.ts";

/** Findings of the rule as `path: problem`. */
function found(words: readonly Value[], told: Settings): readonly string[] {
  const resources = changed("Deployment/llama", [...engine, "command"], words);
  return evaluate(graphOf(resources), told)
    .findings.filter(({ policy }) => policy === "O08")
    .map(({ path, problem }) => `${path}: ${problem}`);
}

test("an engine with the numbers of its stack passes", (t) => {
  t.deepEqual(found(commandOf(), servingStack()), []);
});

test("a quantised checkpoint passes where the stack declares it", (t) => {
  const awq = servingStack({ precision: "awq" });
  t.deepEqual(found(commandOf("/models/llama-3-70b-instruct-awq/0123abc"), awq), []);
  const fp8 = servingStack({ precision: "fp8" });
  t.deepEqual(found(commandOf("/models/llama-3-70b-instruct-fp8/0123abc"), fp8), []);
});

test("a model of the stack's own is held to the numbers that the stack declares", (t) => {
  const own = servingStack({ model: "our-tune" });
  t.deepEqual(found(commandOf("/models/our-tune/0123abc"), own), []);
  t.is(found(commandOf("/models/our-tune/0123abc", "--max-model-len=9000"), own).length, 1);
});

test("an engine that says too little is left alone, unless it is the stack's", (t) => {
  const words = ["vllm", "serve", "/models/unknown", "--tensor-parallel-size=8"];
  t.deepEqual(found(words, foreign), []);
  t.deepEqual(found(words, settings), []);
  t.is(found([...words, "--served-model-name=llama"], servingStack()).length, 2);
});

test("weights that lie outside the GPU are not counted against it", (t) => {
  const words = ["vllm", "serve", "/models/llama-3.3-70b-instruct", "--tensor-parallel-size=8"];
  const tight = [...words, "--gpu-memory-utilization=0.2"];
  t.is(found(tight, foreign).length, 1);
  t.deepEqual(found([...tight, "--cpu-offload-gb=400"], foreign), []);
});

test("what is missing is told in GiB, with ways out as the remedy", (t) => {
  const words = commandOf("/models/llama-3.3-70b-instruct", "--max-model-len=131072");
  const two = changed(
    "Deployment/llama",
    [...engine, "command"],
    [...words, "--tensor-parallel-size=2"],
  );
  const finding = evaluate(graphOf(two), foreign).findings.find(
    ({ policy, problem }) => policy === "O08" && problem.includes("GiB"),
  );
  t.regex(finding?.problem ?? "", /16\.6 GiB per GPU are missing/);
  t.regex(finding?.remedy ?? "", /gpus: 4/);
});

test("the good graph passes whatever the stack's GPUs are", (t) => {
  const { findings } = evaluate(graphOf(goodResources), foreign);
  t.deepEqual(findings, []);
});
