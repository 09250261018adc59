import { type EngineProfile, type FlagFacts, flagFacts } from "../engines/facts.ts";
import { elements, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import { unknown } from "../model/value.ts";
import { jsonLeaves } from "./json-value.ts";

/** Where a command line is at fault, and why. */
export interface ArgumentFault {
  readonly field: Field;
  readonly problem: string;
}

/** One flag as it stands on a command line. */
export interface FlagUse {
  /** `--name` with hyphens; a key inside JSON as `--name.key`, however it was written. */
  readonly name: string;
  readonly facts: FlagFacts | undefined;
  /** The word of the flag itself. */
  readonly word: Field;
  /** Words that belong to it. A value that is only known in the container reads as unknown. */
  readonly values: readonly Field[];
}

export interface CommandLine {
  readonly flags: readonly FlagUse[];
  /** Words that belong to no flag. */
  readonly positionals: readonly Field[];
  /** Places that may hide any flag: no rule can say that a flag is absent while one stands. */
  readonly faults: readonly ArgumentFault[];
}

/**
 * The flags that a container starts its engine with; `undefined` where it starts none, such as an init
 * container of the same image that checks files.
 */
export function readCommandLine(
  container: Field,
  list: string,
  profile: EngineProfile,
): CommandLine | undefined {
  const command = elements(get(container, "command"));
  const words = [...command, ...elements(get(container, "args"))];
  const hidden = words.filter((word) => typeof word.value !== "string" || isUnreadable(word));
  if (hidden.length > 0) {
    return faulty(hidden.map((field) => ({ field, problem: "is not a known text" })));
  }
  const flags = serverWords(command, words, profile);
  if (flags !== undefined) return parse(flags, profile);
  if (isHelper(container, list, words)) return undefined;
  const script = words.find((word) => /\s/.test(textOf(word) ?? ""));
  if (script !== undefined) {
    return faulty([
      { field: script, problem: "is a shell script, so what the engine is told is not visible" },
    ]);
  }
  const problem = `starts ${profile.name} in a way that the rules cannot follow`;
  return faulty([{ field: get(container, "command"), problem }]);
}

/** What follows the words that start the server; `undefined` where nothing does that is known. */
function serverWords(
  command: readonly Field[],
  words: readonly Field[],
  profile: EngineProfile,
): readonly Field[] | undefined {
  const launcher = profile.launchers.find((patterns) =>
    patterns.every((pattern, index) => pattern.test(textOf(words[index] ?? nothing) ?? "")),
  );
  if (launcher !== undefined) return words.slice(launcher.length);
  if (!profile.hasEntryPoint || command.length > 0) return undefined;
  return textOf(words[0] ?? nothing) === "serve" ? words.slice(1) : words;
}

const nothing: Field = { path: "", value: undefined };

/** Words of a command that start an engine, or may. */
export const startsEngine = /vllm|sglang|trtllm|text-generation|launch_server|^serve$|\bserve\b/i;

/** An init container that says nothing of an engine, and ends before the engine starts. */
function isHelper(container: Field, list: string, words: readonly Field[]): boolean {
  if (list !== "initContainers" || get(container, "restartPolicy").value !== undefined)
    return false;
  return !words.some((word) => startsEngine.test(textOf(word) ?? ""));
}

function faulty(faults: readonly ArgumentFault[]): CommandLine {
  return { flags: [], positionals: [], faults };
}

type Piece = Partial<CommandLine> & { readonly length: number };

function parse(words: readonly Field[], profile: EngineProfile): CommandLine {
  const pieces: Piece[] = [];
  for (let index = 0; index < words.length; ) {
    const piece = pieceAt(words, index, profile);
    pieces.push(piece);
    index += piece.length;
  }
  return {
    flags: pieces.flatMap((piece) => piece.flags ?? []),
    positionals: pieces.flatMap((piece) => piece.positionals ?? []),
    faults: pieces.flatMap((piece) => piece.faults ?? []),
  };
}

function pieceAt(words: readonly Field[], index: number, profile: EngineProfile): Piece {
  const word = words[index] ?? nothing;
  const text = textOf(word) ?? "";
  if (text === "--") {
    return { positionals: words.slice(index + 1), length: words.length - index };
  }
  const equals = text.indexOf("=");
  const key = equals < 0 ? text : text.slice(0, equals);
  if (key.includes("$(")) {
    const problem = "is filled in from the environment, so it may be any flag";
    return { faults: [{ field: word, problem }], length: 1 };
  }
  if (!isFlag(text)) return { positionals: [known(word)], length: 1 };
  const { name, attached } = spelling(
    key,
    equals < 0 ? undefined : text.slice(equals + 1),
    profile,
  );
  const facts = flagFacts(profile, name);
  const taken =
    attached === undefined
      ? followers(words, index + 1, facts)
      : [{ path: word.path, value: attached }];
  const length = attached === undefined ? 1 + taken.length : 1;
  return { ...use({ name, facts, word, values: taken.map(known) }, profile), length };
}

/** A negative number is a value. */
function isFlag(text: string): boolean {
  return text.length > 1 && /^-(?!\d)/.test(text);
}

/** Engines take underscores for hyphens in the name of a flag, though not in a key behind a dot. */
function spelling(
  key: string,
  value: string | undefined,
  profile: EngineProfile,
): { readonly name: string; readonly attached: string | undefined } {
  const level = /^-O(\d)$/.exec(key)?.[1];
  if (level !== undefined) return { name: "--optimization-level", attached: level };
  if (key === "-O") return { name: "--optimization-level", attached: value };
  const [base = "", ...keys] = key.replace(/\+$/, "").split(".");
  const hyphens = base.startsWith("--") ? base.replaceAll("_", "-") : base;
  const name = profile.aliases.get(hyphens) ?? hyphens;
  return { name: [name, ...keys].join("."), attached: value };
}

/** Words behind a flag that belong to it; of a flag that nobody knows, the next may. */
function followers(
  words: readonly Field[],
  start: number,
  facts: FlagFacts | undefined,
): readonly Field[] {
  if (facts?.takes === "nothing") return [];
  const rest = words.slice(start);
  const end = rest.findIndex((word) => isFlag(textOf(word) ?? ""));
  const values = end < 0 ? rest : rest.slice(0, end);
  return facts?.takes === "values" ? values : values.slice(0, 1);
}

/** What Kubernetes fills in from variables is known in the container alone. */
function known(word: Field): Field {
  if (textOf(word)?.includes("$(") !== true) return word;
  return {
    path: word.path,
    value: unknown,
    malformed: "is filled in from the environment when the container starts",
  };
}

/** A flag that names a file hides flags; one that takes JSON holds a flag for each key. */
function use(flag: FlagUse, profile: EngineProfile): Omit<Piece, "length"> {
  if (profile.fileFlags.has(flag.name)) {
    const problem = `holds ${flag.name}, so further flags come from a file that is not in this object`;
    return { faults: [{ field: flag.word, problem }] };
  }
  const [value] = flag.values;
  const text = value === undefined ? undefined : textOf(value);
  const json = flag.facts?.takes === "json" || (flag.name.includes(".") && text?.startsWith("{"));
  if (!json || value === undefined) return { flags: [flag] };
  const leaves = jsonLeaves(value);
  if (leaves === undefined) {
    return {
      faults: [{ field: value, problem: `is no JSON that can be read, behind ${flag.name}` }],
    };
  }
  if (leaves.length === 0) return { flags: [flag] };
  const whole = flag.facts?.topic === undefined ? [] : [flag];
  const inner = leaves.map(({ keys, field }): FlagUse => {
    const name = [flag.name, ...keys].join(".");
    return { name, facts: flagFacts(profile, name), word: flag.word, values: [field] };
  });
  return { flags: [...whole, ...inner] };
}
