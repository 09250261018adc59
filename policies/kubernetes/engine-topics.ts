import { type SettingFacts, type Topic } from "../engines/facts.ts";
import { profiles } from "../engines/profiles.ts";
import { type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import type { FlagUse } from "./command-line.ts";
import type { Engine } from "./engine-settings.ts";
import { mayProvide } from "./environment.ts";

/** Why nothing can be said of an engine's flags and variables, whatever a rule asks. */
export function unjudged(object: KubeObject, engine: Engine): readonly Violation[] {
  const { container, environment, line, profile } = engine;
  if (profile === undefined) {
    const image = get(container.field, "image");
    if (isUnreadable(image)) return [unreadable(object, image)];
    const problem = "is of no engine whose settings the rules know, so it cannot be judged";
    const remedy = `use an engine that the rules know: ${profiles.map(({ name }) => name).join(", ")}`;
    return [violation(object, image, problem, remedy)];
  }
  const remedy = `start ${profile.name} directly, with each flag as a known word of command or args`;
  return [
    ...(line?.faults ?? []).map(({ field, problem }) => violation(object, field, problem, remedy)),
    ...environment.undecided.map((field) => unreadable(object, field)),
  ];
}

/** Every flag and variable of a topic that is set to a value with a risk, and whatever may hide one. */
export function topicViolations(
  object: KubeObject,
  engine: Engine,
  topic: Topic,
): readonly Violation[] {
  if (engine.line === undefined) return [];
  return [
    ...unjudged(object, engine),
    ...engine.line.flags
      .filter(({ facts }) => facts?.topic === topic)
      .flatMap((flag) => flagViolation(object, flag)),
    ...variableViolations(object, engine, topic),
  ];
}

/** Whether a flag has a risk that none of its values takes away. */
export function isRisky({ facts, values }: FlagUse): boolean {
  if (facts?.risk === undefined) return false;
  const { safe } = facts;
  // The last value is the one that counts, and any other was meant.
  return !(safe !== undefined && values.length > 0 && values.every((value) => isSafe(value, safe)));
}

function flagViolation(object: KubeObject, flag: FlagUse): readonly Violation[] {
  const { facts, name, word } = flag;
  if (facts?.risk === undefined || !isRisky(flag)) return [];
  const { safe } = facts;
  const remedy =
    safe === undefined ? `remove ${name}` : `remove ${name}, or give it a harmless value`;
  return [violation(object, word, `holds ${name}, which ${facts.risk}`, remedy)];
}

function isSafe(value: Field, safe: RegExp): boolean {
  return !isUnreadable(value) && safe.test(textOf(value) ?? "\0");
}

function variableViolations(
  object: KubeObject,
  engine: Engine,
  topic: Topic,
): readonly Violation[] {
  const { environment, profile } = engine;
  const facts = [...(profile?.variables ?? [])].filter(
    ([, each]) => each.topic === topic && each.risk !== undefined,
  );
  const set = facts.flatMap(([name, each]) => {
    const entry = environment.variables.get(name);
    return entry === undefined ? [] : variableViolation(object, name, entry, each);
  });
  const open = facts.filter(([name]) => !environment.variables.has(name));
  const provided = environment.sources.flatMap((source) => {
    const names = open.filter(([name]) => mayProvide(source, name)).map(([name]) => name);
    return names.length === 0 ? [] : [mayBeSet(object, source, names)];
  });
  return [...set, ...provided];
}

function variableViolation(
  object: KubeObject,
  name: string,
  entry: Field,
  facts: SettingFacts,
): readonly Violation[] {
  const problem = `sets ${name}, which ${facts.risk ?? "has a risk"}`;
  const source = get(entry, "valueFrom");
  const remedy = `remove ${name}`;
  if (source.value !== undefined) return [violation(object, source, problem, remedy)];
  const value = get(entry, "value");
  // Kubernetes reads an absent value as an empty one.
  const text = value.value === undefined ? "" : textOf(value);
  const sound = text !== undefined && !isUnreadable(value) && facts.safe?.test(text) === true;
  return sound ? [] : [violation(object, value, problem, remedy)];
}

function mayBeSet(object: KubeObject, source: Field, names: readonly string[]): Violation {
  const problem = `may set ${names.slice(0, 3).join(", ")}${names.length > 3 ? " and others" : ""} from outside this object`;
  return violation(object, source, problem, "list the variables in env");
}
