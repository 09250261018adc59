import type { EngineProfile, FlagFacts, SettingFacts, Topic } from "../../engines/facts.ts";
import { profiles } from "../../engines/profiles.ts";
import { vllm } from "../../engines/vllm.ts";
import { allOf, anyOf, list, pattern, quoted, text } from "../cel.ts";
import { matches } from "./variables.ts";

/** Keys of flags on the command line of `e`; a negative number is a value. */
export const flagsOf = `e.line.split("\\n").filter(f, f.matches(r'^-[^0-9]'))`;

/** Name of a flag with hyphens throughout, as `line` writes it. */
function written(name: string): string {
  return name.replaceAll("_", "-");
}

type Named<T> = readonly [name: string, facts: T];

function risky<T extends SettingFacts>(table: ReadonlyMap<string, T>, topic: Topic): Named<T>[] {
  return [...table].filter(([, facts]) => facts.topic === topic && facts.risk !== undefined);
}

/** CEL: no flag of a topic stands on the command line of a vLLM engine, unless with a harmless value. */
export function flagsHold(topic: Topic): string {
  const found = risky(vllm.flags, topic);
  const whole = found.filter(([name, { safe }]) => safe === undefined && !name.includes("."));
  const names = spellings(whole.map(([name]) => name));
  return allOf([
    `!${flagsOf}.exists(f, f in ${list(names)})`,
    ...found.flatMap(([name, { safe }]) =>
      safe === undefined
        ? []
        : spellings([name]).map((each) => everyValue(each, (value) => matches(value, safe))),
    ),
    ...found
      .filter(([name, { safe }]) => safe === undefined && name.includes("."))
      .map(([name]) => notInside(name)),
  ]);
}

/** CEL: no flag of a topic that one of the other engines knows, whatever its value. */
export function otherFlagsHold(topic: Topic): string {
  const names = profiles
    .filter((profile) => profile !== vllm)
    .flatMap((profile) => risky(profile.flags, topic))
    .filter(([name, { safe }]) => safe === undefined && !name.includes("."))
    .map(([name]) => written(name));
  return `!${flagsOf}.exists(f, f in ${list(new Set(names))})`;
}

/** A name as it is written, with its short forms. */
function spellings(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [
    written(name),
    ...[...vllm.aliases].filter(([, long]) => long === name).map(([short]) => short),
  ]);
}

/**
 * CEL: every value of a flag meets a condition. The first part of the split line ends before the flag, and it
 * alone begins with the line's own separator.
 */
export function everyValue(flag: string, holds: (value: string) => string): string {
  return `e.line.split(${text(`\n${flag}\n`)}).all(p, p.startsWith("\\n") || ${holds('p.split("\\n", 2)[0]')})`;
}

/** CEL: every word behind a flag, up to the next flag, meets a condition. */
export function everyValueUpTo(flag: string, holds: (value: string) => string): string {
  return `e.line.split(${text(`\n${flag}\n`)}).all(p, p.startsWith("\\n") || p.split("\\n-")[0].split("\\n").all(w, w == "" || ${holds("w")}))`;
}

/** A key inside a flag's JSON, or behind its dot. Escapes could hide one, so that no line may hold any. */
function notInside(name: string): string {
  const keys = name.replace(/\.\*$/, "").split(".");
  const key = keys.at(-1) ?? "";
  const dotted = written(name.replace(/\.\*$/, ""));
  return allOf([
    `!e.line.contains(${text(`"${key}"`)})`,
    `!e.line.matches(${pattern(`(?m)^${quoted(dotted)}(?:\\.|$)`)})`,
  ]);
}

/** Flags that a vLLM engine may be given: the reviewed ones, and those that the stack has reviewed itself. */
export function reviewed(own: readonly string[]): readonly string[] {
  const names = [...vllm.flags].flatMap(([name, facts]) => [name, ...negated(name, facts)]);
  // Python's own flag stands before the engine's.
  return [...names, ...vllm.aliases.keys(), "-m", ...own].map(written);
}

function negated(name: string, { takes }: FlagFacts): readonly string[] {
  return takes === "nothing" ? [name.replace(/^--/, "--no-")] : [];
}

/** Prefixes of flags below which any key was reviewed: `--name.` of `--name.*`. */
export function reviewedBelow(): string {
  const names = [...vllm.flags.keys()].filter((name) => name.endsWith(".*"));
  return `^(?:${names.map((name) => quoted(written(name.slice(0, -1)))).join("|")})`;
}

/** Switches, behind which the next word is no value. */
export function switches({ flags }: EngineProfile): readonly string[] {
  return [...flags].filter(([, { takes }]) => takes === "nothing").map(([name]) => written(name));
}

/** CEL: no variable of a topic is set, unless to a harmless value that stands in the object itself. */
export function variablesHold(topic: Topic): string {
  const found = new Map(profiles.flatMap(({ variables }) => risky(variables, topic)));
  const faults = [...found].map(([name, { safe }]) => {
    const value = 'v.?value.orValue("")';
    const sound = safe === undefined ? "" : ` && (has(v.valueFrom) || !${matches(value, safe)})`;
    return `v.name == ${text(name)}${sound}`;
  });
  return `!e.env.exists(v, ${anyOf(faults)})`;
}
