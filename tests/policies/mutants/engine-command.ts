import type { Value, ValueObject } from "../../../policies/model/value.ts";
import { at } from "../../../policies/model/value.ts";
import { goodResources, kube } from "../good-graph.ts";
import { added, digest, engine, engineMutant, enginePath, type Mutant } from "./mutant.ts";

const deployment = goodResources.find(({ name }) => name === "llama")?.properties;
const goodCommand = listAt("command");
const goodEnv = listAt("env");

function listAt(name: string): readonly Value[] {
  const list = at(deployment, ...engine, name);
  if (!Array.isArray(list)) throw new Error(`the good graph's engine has no ${name}`);
  return list;
}

/** More words behind the good command; the finding stands at one of them, the first by default. */
export function wordsMutant(
  rule: string,
  title: string,
  words: readonly Value[],
  index = 0,
): Mutant {
  const reported = `${enginePath}.command[${goodCommand.length + index}]`;
  return engineMutant(rule, title, [...engine, "command"], [...goodCommand, ...words], reported);
}

/** The good command without one of its flags. */
export function withoutFlag(rule: string, title: string, flag: string, reported: string): Mutant {
  const rest = goodCommand.filter((word) => typeof word !== "string" || !word.startsWith(flag));
  return engineMutant(rule, title, [...engine, "command"], rest, `${enginePath}.${reported}`);
}

/** One more variable behind the good ones; the finding stands at a field of it. */
export function variableMutant(
  rule: string,
  title: string,
  variable: ValueObject,
  field: string,
): Mutant {
  const place = `env[${goodEnv.length}]`;
  const reported = `${enginePath}.${field === "" ? place : `${place}.${field}`}`;
  return engineMutant(rule, title, [...engine, "env"], [...goodEnv, variable], reported);
}

/** The good variables without one. */
export function withoutVariable(rule: string, title: string, name: string): Mutant {
  const rest = goodEnv.filter((entry) => at(entry, "name") !== name);
  return engineMutant(rule, title, [...engine, "env"], rest, `${enginePath}.env`);
}

/** Variables of a whole ConfigMap beside the good ones. */
export function sourceMutant(rule: string): Mutant {
  const sources = [{ configMapRef: { name: "more" } }];
  return engineMutant(
    rule,
    "variables of a whole ConfigMap",
    [...engine, "envFrom"],
    sources,
    `${enginePath}.envFrom[0]`,
  );
}

/** A pod of another engine, or of one that nobody knows. */
export function podMutant(
  rule: string,
  title: string,
  container: ValueObject,
  reported: string,
): Mutant {
  const image = `registry.internal/llm/tools@${digest}`;
  const pod = kube("core/v1:Pod", "other", "inference", {
    spec: { containers: [{ name: "c", image, ...container }] },
  });
  return added(rule, title, pod, "Pod inference/other", `spec.containers[0].${reported}`);
}

/** An engine that the rules have no tables for. */
export function unknownEngine(rule: string): Mutant {
  const image = `registry.internal/llm/ollama@${digest}`;
  return podMutant(rule, "an engine that nobody knows", { image, args: ["serve"] }, "image");
}

/** A whole command in place of the good one. */
export function commandMutant(
  rule: string,
  title: string,
  command: readonly Value[],
  reported: string,
): Mutant {
  return engineMutant(rule, title, [...engine, "command"], command, `${enginePath}.${reported}`);
}
