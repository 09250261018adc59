import type { Resource } from "../../../policies/model/resource.ts";
import type { Value } from "../../../policies/model/value.ts";
import { changed, goodResources } from "../good-graph.ts";

/** One change of the good graph and the violation that it must cause. */
export interface Mutant {
  readonly title: string;
  readonly rule: string;
  readonly resources: readonly Resource[];
  readonly object: string;
  readonly path: string;
}

/** Where the pod spec of the engine's Deployment lies, as steps and as rules show it. */
export const template = ["spec", "template", "spec"] as const;
export const engine = [...template, "containers", 0] as const;
export const enginePath = "spec.template.spec.containers[0]";
export const podPath = "spec.template.spec";

/** A change of the engine's Deployment; `reported` is where the rule must see it. */
export function engineMutant(
  rule: string,
  title: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
): Mutant {
  const resources = changed("Deployment/llama", path, value);
  return { rule, title, resources, object: "Deployment inference/llama", path: reported };
}

/** A change of one network policy of the inference namespace. */
export function policyMutant(
  rule: string,
  title: string,
  policy: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
): Mutant {
  const resources = changed(`NetworkPolicy/${policy}`, path, value);
  return { rule, title, resources, object: `NetworkPolicy inference/${policy}`, path: reported };
}

/** One more object beside the good ones. */
export function added(
  rule: string,
  title: string,
  extra: Resource,
  object: string,
  path: string,
): Mutant {
  return { rule, title, resources: [...goodResources, extra], object, path };
}

/** More variables of the engine, behind four that are as they should be. */
export function envMutant(
  rule: string,
  title: string,
  env: readonly Value[],
  reported: string,
): Mutant {
  const complete = [
    { name: "VLLM_NO_USAGE_STATS", value: "1" },
    { name: "HF_HUB_OFFLINE", value: "1" },
    { name: "TRANSFORMERS_OFFLINE", value: "1" },
    { name: "VLLM_USE_FLASHINFER_SAMPLER", value: "0" },
  ];
  const path = `${enginePath}.${reported}`;
  return engineMutant(rule, title, [...engine, "env"], [...complete, ...env], path);
}

/** A digest in the right form, for images of no meaning. */
export const digest = `sha256:${"cd".repeat(32)}`;
