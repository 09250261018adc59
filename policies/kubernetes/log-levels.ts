import { elements, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import type { ContentLog } from "./access-log.ts";
import { environmentOf } from "./environment.ts";
import { containersOf, podTemplate } from "./pod-templates.ts";
import { inInference } from "./scope.ts";

/** At these levels a proxy prints headers, and some print bodies. */
const verbose = /(?:^|[:=,\s])(?:debug|trace|verbose|all)(?:$|[,\s])/i;

const levelVariable = /(?:^|_)LOG_?LEVEL$|^(?:LITELLM_LOG|RUST_LOG|DETAILED_DEBUG)$/i;
const levelFlag =
  /^(?:-l|--log[-_]?level|--component[-_]log[-_]level|--loglevel|--uvicorn[-_]log[-_]level)$/i;
const verboseFlag = /^--(?:detailed[-_]debug|debug|verbose|trace)$/i;

/** Levels that print what passes, of every container where prompts pass. */
export function logLevels(object: KubeObject, settings: Settings): readonly ContentLog[] {
  const template = podTemplate(object);
  if (template === undefined) return [];
  // Elsewhere a program may be as talkative as it likes: no prompt reaches it.
  if (!inInference(object, settings) && object.namespace !== settings.gatewayNamespace) return [];
  return containersOf(template).flatMap(({ field }) => [...variables(field), ...flags(field)]);
}

function variables(container: Field): readonly ContentLog[] {
  return [...environmentOf(container).variables]
    .filter(([name]) => levelVariable.test(name))
    .map(([, entry]) => {
      const source = get(entry, "valueFrom");
      return source.value === undefined ? get(entry, "value") : source;
    })
    .filter((value) => isVerbose(value))
    .map((field) => ({ field, problem: "is, or may be, a level at which requests are printed" }));
}

/** A level that cannot be read may be any. */
function isVerbose(value: Field): boolean {
  const text = textOf(value);
  if (value.value === undefined) return false;
  return text === undefined || isUnreadable(value) || text === "true" || verbose.test(text);
}

function flags(container: Field): readonly ContentLog[] {
  const words = [...elements(get(container, "command")), ...elements(get(container, "args"))];
  return words
    .filter((word, index) => {
      const [flag = "", ...rest] = (textOf(word) ?? "").split("=");
      if (verboseFlag.test(flag)) return true;
      if (!levelFlag.test(flag)) return false;
      const next = words[index + 1];
      const value = rest.length > 0 ? rest.join("=") : next === undefined ? "" : textOf(next);
      return verbose.test(value ?? "");
    })
    .map((field) => ({ field, problem: "is a level of logging at which requests are printed" }));
}
