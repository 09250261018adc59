import { type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { CommandLine, FlagUse } from "./command-line.ts";
import type { Engine } from "./engine-settings.ts";

/** A flag's value with the place where it stands; without the flag, what the engine takes then. */
export interface FlagValue<T> {
  readonly field: Field;
  /** `undefined`: given, and nothing that can be read. */
  readonly value: T | undefined;
  readonly given: boolean;
}

/** The last use counts, as engines take it. */
export function lastUse(line: CommandLine, name: string): FlagUse | undefined {
  return line.flags.findLast((flag) => flag.name === name);
}

/** Suffixes that vLLM takes in whole numbers: decimal in small letters, binary in capitals. */
const factors: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  K: 2 ** 10,
  m: 1e6,
  M: 2 ** 20,
};

/** A positive number such as `8192`, `8k` or `0.92`. */
export function numberFlag(
  engine: Engine,
  line: CommandLine,
  name: string,
  fallback: number | undefined,
): FlagValue<number> {
  const use = lastUse(line, name);
  if (use === undefined) return { field: commandOf(engine), value: fallback, given: false };
  const text = textOf(use.values[0] ?? use.word);
  const [, digits, suffix = ""] = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(text ?? "") ?? [];
  const number = digits === undefined ? undefined : Number(digits) * (factors[suffix] ?? 1);
  return { field: use.word, value: number === 0 ? undefined : number, given: true };
}

export function textFlag(
  engine: Engine,
  line: CommandLine,
  name: string,
  fallback: string,
): FlagValue<string> {
  const use = lastUse(line, name);
  if (use === undefined) return { field: commandOf(engine), value: fallback, given: false };
  const value = use.values[0];
  const text = value === undefined || isUnreadable(value) ? undefined : textOf(value);
  return { field: use.word, value: text, given: true };
}

/** Where the words stand, for what is wrong with none of them. */
export function commandOf({ container }: Engine): Field {
  const args = get(container.field, "args");
  return args.value === undefined ? get(container.field, "command") : args;
}
