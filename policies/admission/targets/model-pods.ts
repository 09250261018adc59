import type { Settings } from "../../model/settings.ts";
import { followed, known, model } from "../engines/commands.ts";
import { media, offline, topics, usage } from "../engines/settings.ts";
import { engineVariables } from "../engines/variables.ts";
import { changesPods, podRules, podVariables } from "../pod-template.ts";
import type { Scope } from "../scope.ts";
import { namespacedSubject, type Target } from "../target.ts";
import { containers } from "../workload/containers.ts";
import { names, networks } from "../workload/networks.ts";
import { volumes } from "../workload/volumes.ts";

/**
 * What holds for the pods of inference namespaces alone: what they are made of, and what their engines are
 * told. CEL reads neither JSON nor YAML, so a few things are refused that the rules
 * of the stack would read; nothing is let through for that reason.
 */
export function modelPods(scope: Scope, settings: Settings): Target {
  return {
    name: "model-pods",
    namespaces: scope.inference,
    resourceRules: podRules,
    conditions: [changesPods],
    variables: [...podVariables, ...engineVariables()],
    subject: namespacedSubject,
    checks: [
      ...containers(settings),
      ...volumes(),
      ...networks(settings),
      ...names(settings),
      ...usage(),
      ...offline(),
      ...followed(),
      ...model(),
      ...topics(),
      ...media(settings),
      ...known(settings),
    ],
  };
}
