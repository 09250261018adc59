import type { EngineProfile } from "../engines/facts.ts";
import { profileByText } from "../engines/profiles.ts";
import { unknownEngine } from "../engines/unknown-engine.ts";
import { vllm } from "../engines/vllm.ts";
import { type Field, get, isUnreadable } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { unreadable, violation } from "../model/violation.ts";
import { type CommandLine, readCommandLine } from "./command-line.ts";
import { commandLine, type EngineClass, engineClass, engineText } from "./engine.ts";
import { type Environment, environmentOf, mayProvide } from "./environment.ts";
import { type Container, containersOf, podTemplate } from "./pod-templates.ts";
import { inInference } from "./scope.ts";

/** A container of an inference namespace that is, or may be, an inference engine. */
export interface Engine {
  readonly container: Container;
  readonly engine: Exclude<EngineClass, "none">;
  readonly environment: Environment;
  readonly words: readonly (string | undefined)[];
  /** What the rules know of it; `undefined` for an engine that they cannot judge. */
  readonly profile: EngineProfile | undefined;
  /** What it is told; `undefined` for a container that has an engine's image and starts none. */
  readonly line: CommandLine | undefined;
}

export function enginesOf(object: KubeObject, settings: Settings): readonly Engine[] {
  const template = podTemplate(object);
  if (template === undefined || !inInference(object, settings)) return [];
  return containersOf(template).flatMap((container) => {
    const engine = engineClass(container.field);
    if (engine === "none") return [];
    const profile = profileOf(container.field, engine);
    return [
      {
        container,
        engine,
        environment: environmentOf(container.field),
        words: commandLine(container.field),
        profile,
        line: readCommandLine(container.field, container.list, profile ?? unknownEngine),
      },
    ];
  });
}

function profileOf(container: Field, engine: Engine["engine"]): EngineProfile | undefined {
  if (engine === "vllm") return vllm;
  return engine === "other-engine" ? profileByText(engineText(container)) : undefined;
}

/** Entries that could hold any variable, and words of the command that set one of `names` anew. */
export function undecidedSettings(
  object: KubeObject,
  engine: Engine,
  names: readonly string[],
): readonly Violation[] {
  const hidden = engine.environment.undecided.map((field) => unreadable(object, field));
  const assigned = names.filter((name) => engine.words.some((word) => word?.includes(name)));
  const place = get(engine.container.field, "command");
  const emptied = engine.words.some((word, index) =>
    emptiesEnvironment(word, engine.words[index + 1]),
  );
  return [
    ...hidden,
    ...(emptied
      ? [
          violation(
            object,
            place,
            "empties the environment before the engine",
            "start the engine without env -i",
          ),
        ]
      : []),
    ...assigned.map((name) =>
      violation(object, place, `sets ${name} anew on the command line`, `set ${name} in env only`),
    ),
  ];
}

/** `env -i` and its other spellings. */
function emptiesEnvironment(word: string | undefined, next: string | undefined): boolean {
  if (word === undefined || next === undefined || !/(?:^|\/)env$/.test(word)) return false;
  return next === "-" || next === "--ignore-environment" || /^-[a-z]*i/.test(next);
}

/** `undefined` where a variable is exactly one of `wanted`; otherwise the field at fault and why. */
export function variableFault(
  environment: Environment,
  name: string,
  wanted: readonly string[],
): { readonly field: Field; readonly problem: string } | undefined {
  const entry = environment.variables.get(name);
  const must = `must be ${wanted.map((value) => JSON.stringify(value)).join(" or ")}`;
  if (entry === undefined) {
    return {
      field: { path: environment.path, value: undefined },
      problem: `lacks ${name}, which ${must}`,
    };
  }
  const source = get(entry, "valueFrom");
  if (source.value !== undefined) {
    return { field: source, problem: `decides ${name} outside this object; it ${must} here` };
  }
  const value = get(entry, "value");
  if (typeof value.value === "string" && wanted.includes(value.value)) return undefined;
  // The value itself stays out of the message: it may be a secret.
  const what = isUnreadable(value) ? "is not known yet" : "has another value";
  return { field: value, problem: `${name} ${what}; it ${must}` };
}

/** A variable that must not be set: by an entry, or possibly by a whole ConfigMap or Secret. */
export function forbiddenVariable(
  object: KubeObject,
  environment: Environment,
  name: string,
  harmless: readonly string[],
): readonly Violation[] {
  const entry = environment.variables.get(name);
  if (entry !== undefined) {
    const fault = variableFault(environment, name, harmless);
    if (fault === undefined) return [];
    return [violation(object, fault.field, `sets ${name}`, `remove ${name}`)];
  }
  return environment.sources
    .filter((source) => mayProvide(source, name))
    .map((source) =>
      violation(
        object,
        source,
        `could set ${name} from outside this object`,
        "list the variables in env, or give envFrom a prefix",
      ),
    );
}
