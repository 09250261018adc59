import type { Settings } from "../../model/settings.ts";
import { followed, known, model } from "../engines/commands.ts";
import { media, offline, topics, usage } from "../engines/settings.ts";
import { engineVariables } from "../engines/variables.ts";
import { changesPods, podRules, podVariables } from "../pod-template.ts";
import type { Scope } from "../scope.ts";
import { namespacedSubject, type Target } from "../target.ts";

/**
 * What inference engines are told. CEL reads neither JSON nor YAML, so a few things are refused that the rules
 * of the stack would read; nothing is let through for that reason.
 */
export function engines(scope: Scope, settings: Settings): Target {
  return {
    name: "engines",
    namespaces: scope.inference,
    resourceRules: podRules,
    conditions: [changesPods],
    variables: [...podVariables, ...engineVariables()],
    subject: namespacedSubject,
    checks: [
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
