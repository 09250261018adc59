import type { KubeObject } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import { type Unknown, unknown } from "../model/value.ts";

/** A namespace that is not known yet may be an inference namespace, so it counts as one. */
export function isInferenceNamespace(
  namespace: string | Unknown | undefined,
  settings: Settings,
): boolean {
  if (namespace === undefined) return false;
  if (namespace === unknown || settings.inferenceNamespaces === "every") return true;
  return settings.inferenceNamespaces.has(namespace);
}

export function inInference(object: KubeObject, settings: Settings): boolean {
  return isInferenceNamespace(object.namespace, settings);
}

/** Where prompts pass: beside the models, and in the gateway before them. */
export function carriesPrompts(object: KubeObject, settings: Settings): boolean {
  return inInference(object, settings) || object.namespace === settings.gatewayNamespace;
}

/** A declared inference namespace never counts as infrastructure, whatever else is declared. */
export function inInfrastructure(object: KubeObject, settings: Settings): boolean {
  const { namespace } = object;
  if (typeof namespace !== "string") return false;
  const inference = settings.inferenceNamespaces;
  if (inference !== "every" && inference.has(namespace)) return false;
  return settings.infrastructureNamespaces.has(namespace);
}
