import type { Resource } from "../../../policies/model/resource.ts";
import type { Settings } from "../../../policies/model/settings.ts";
import type { Value } from "../../../policies/model/value.ts";
import { cloudChanged, cloudSettings, cloudWithout, goodCloud } from "../cloud-graph.ts";
import { changed, goodResources, kube } from "../good-graph.ts";

/** One change of the good graph and the violation that it must cause. */
export interface Mutant {
  readonly title: string;
  readonly rule: string;
  readonly resources: readonly Resource[];
  readonly object: string;
  readonly path: string;
  /** @default - those of the good graph */
  readonly settings?: Settings;
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

/** A change of one resource of the good cloud, as `Kind/name`. */
export function cloudMutant(
  rule: string,
  title: string,
  target: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  reported: string,
): Mutant {
  const resources = cloudChanged(target, path, value);
  return {
    rule,
    title,
    resources,
    object: nameOf(target),
    path: reported,
    settings: cloudSettings,
  };
}

/** One more resource beside the good cloud, reported at itself. */
export function cloudAdded(rule: string, title: string, extra: Resource, path = ""): Mutant {
  const object = extra.type.startsWith("kubernetes:")
    ? `${extra.type.split(":").at(-1)} ${extra.name}`
    : `${extra.type} ${extra.name}`;
  return { rule, title, resources: [...goodCloud, extra], object, path, settings: cloudSettings };
}

/** The good cloud without a resource, reported at the one that needed it. */
export function cloudLost(
  rule: string,
  title: string,
  lost: string,
  reported: string,
  path = "",
): Mutant {
  const resources = cloudWithout(lost);
  return { rule, title, resources, object: nameOf(reported), path, settings: cloudSettings };
}

function nameOf(target: string): string {
  const found = goodCloud.find((each) => `${each.type.split(":").at(-1)}/${each.name}` === target);
  if (found === undefined) throw new Error(`${target} is no resource of the good cloud`);
  const kubernetes = found.type.startsWith("kubernetes:");
  return kubernetes ? target.replace("/", " ") : `${found.type} ${found.name}`;
}

/** A ConfigMap of the monitoring namespace with one file, beside the good objects. */
export function fileMutant(
  rule: string,
  title: string,
  key: string,
  text: Value,
  reported = `data["${key}"]`,
): Mutant {
  return added(
    rule,
    title,
    kube("core/v1:ConfigMap", "file", "monitoring", { data: { [key]: text } }),
    "ConfigMap monitoring/file",
    reported,
  );
}

/** A digest in the right form, for images of no meaning. */
export const digest = `sha256:${"cd".repeat(32)}`;
