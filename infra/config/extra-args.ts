import { takesFlag } from "../../components/engines/contract.ts";
import type { EngineContract } from "../../components/engines/contract-schema.ts";
import type { EngineArgs } from "../../components/engines/engine.ts";
import { engines } from "../../components/engines/engines.ts";
import { type EngineProfile, flagFacts } from "../../policies/engines/facts.ts";
import { profiles } from "../../policies/engines/profiles.ts";
import { type FlagUse, readCommandLine } from "../../policies/kubernetes/command-line.ts";
import { isRisky } from "../../policies/kubernetes/engine-topics.ts";
import { type Field, textOf } from "../../policies/model/field.ts";
import type { Fault } from "./faults.ts";
import type { ModelConfig } from "./models.ts";

/** What is wrong with one of the extra words. */
export interface ExtraArgFault {
  /** Its place among the extra words. */
  readonly index: number;
  /** Value, reason and remedy. */
  readonly message: string;
}

/** What extra words are judged by. */
export interface ExtraArgRules {
  /** The engine's command line as the product makes it. */
  readonly command: readonly string[];
  /** Flags that a stack may add. */
  readonly tunable: ReadonlySet<string>;
  /** What the policies know of the engine; a flag that they refuse is refused here. */
  readonly profile: EngineProfile;
  readonly contract: EngineContract;
  /** Flags that the site has reviewed itself: `policies.engineFlags`. */
  readonly reviewed: readonly string[];
}

/** Faults of words that a stack adds to the engine's command line, read as the policies read the whole line. */
export function extraArgFaults(words: readonly string[], rules: ExtraArgRules): ExtraArgFault[] {
  const hidden = words.flatMap((word, index) => {
    const message = hiddenFault(word);
    return message === undefined ? [] : [{ index, message }];
  });
  if (hidden.length > 0) return hidden;
  const container: Field = {
    path: "",
    value: { command: [...rules.command], args: [...words] },
  };
  const line = readCommandLine(container, "containers", rules.profile);
  if (line === undefined) return [];
  const judged = line.flags.filter(isExtra);
  return [
    ...line.faults
      .filter(({ field }) => isExtra({ word: field }))
      .map(({ field, problem }) => ({
        index: indexOf(field),
        message: `${shown(field)} ${problem}; write each flag as a word of its own`,
      })),
    ...line.positionals
      .filter((word) => isExtra({ word }))
      .map((word) => ({
        index: indexOf(word),
        message: `${shown(word)} belongs to no flag; write --flag=value`,
      })),
    ...judged.flatMap((flag) => {
      const message = flagFault(flag, line.flags, rules);
      return message === undefined ? [] : [{ index: indexOf(flag.word), message }];
    }),
  ];
}

/** Words whose meaning is only known in the container, or that a log could not show. */
function hiddenFault(word: string): string | undefined {
  if (word.includes("$(")) {
    return `${JSON.stringify(word)} is filled in from the environment, which holds the engine's key; write the value itself`;
  }
  if (word === "--") return '"--" would turn flags into names of models; remove it';
  // Control characters, which would part one word into two where words stand line by line.
  if (/\p{Cc}/u.test(word)) {
    return `${JSON.stringify(word)} holds a control character; write one flag on one line`;
  }
  return undefined;
}

function flagFault(
  flag: FlagUse,
  all: readonly FlagUse[],
  rules: ExtraArgRules,
): string | undefined {
  const { facts, name, word } = flag;
  const base = positive(name.split(".", 1)[0] ?? "", rules.profile);
  if (facts?.risk !== undefined && isRisky(flag)) return `${name} ${facts.risk}; remove it`;
  const ownFlags = all.filter((other) => !isExtra(other));
  if (ownFlags.some((other) => positive(other.name, rules.profile) === base)) {
    return `${name} is set by the product itself; remove it, and set what the stack file has for it (docs/serving.md)`;
  }
  if (facts === undefined && !rules.reviewed.includes(name)) {
    return `${shown(word)} is not among the reviewed flags of ${rules.profile.name}; write the flag in full, or list it in policies.engineFlags after a review`;
  }
  if (facts?.topic !== undefined) {
    return `${name} decides what the product and its policies decide; remove it`;
  }
  if (!takesFlag(rules.contract, name.split(".", 1)[0] ?? "")) {
    return `${name} is no flag of ${rules.contract.engine} ${rules.contract.version}; write the flag in full`;
  }
  if (!rules.tunable.has(base) && !rules.reviewed.includes(name)) {
    return `${name} is none that a stack may add; remove it, or use one of ${[...rules.tunable].join(", ")}`;
  }
  return shapeFault(flag, all, rules.contract);
}

/** What the engine itself would refuse at its start. */
function shapeFault(
  { name, values, word }: FlagUse,
  all: readonly FlagUse[],
  { flags }: EngineContract,
): string | undefined {
  const takes = flags[name] ?? (name.startsWith("--no-") ? "nothing" : "value");
  const attached = (textOf(word) ?? "").includes("=");
  if (takes === "nothing" && attached) return `${shown(word)}: ${name} takes no value; remove it`;
  if (takes !== "nothing" && takes !== "optional" && values.length === 0) {
    return `${name} has no value; write ${name}=value`;
  }
  const words = new Set(all.filter((other) => other.name === name).map((other) => other.word.path));
  if (words.size > 1) {
    return `${name} is given more than once; keep one`;
  }
  return undefined;
}

/** `--x` for `--no-x`, where that is a switch. */
function positive(name: string, profile: EngineProfile): string {
  const switched = name.replace(/^--no-/, "--");
  return flagFacts(profile, switched)?.takes === "nothing" ? switched : name;
}

function isExtra({ word }: { readonly word: Field }): boolean {
  return word.path.startsWith("args[");
}

function indexOf({ path }: Field): number {
  return Number(/\[(\d+)\]/.exec(path)?.[1] ?? 0);
}

/** A value may be a secret that somebody put in the wrong place: the name of a flag is enough. */
function shown(word: Field): string {
  const text = textOf(word) ?? "";
  return text.startsWith("-") ? (text.split("=", 1)[0] ?? "") : JSON.stringify(text);
}

/** Faults of what each model adds to its engine's command line. */
export function modelArgFaults(
  models: readonly ModelConfig[],
  reviewed: readonly string[],
): Fault[] {
  return models.flatMap(({ engine: name, extraArgs }, model) => {
    const { command, contract, id, tunableFlags: tunable } = engines[name];
    const profile = profiles.find((each) => each.id === id);
    const faults =
      profile === undefined || contract === undefined
        ? extraArgs.map((_, index) => ({ index, message: notRead(name) }))
        : extraArgFaults(extraArgs, {
            command: command(anyModel),
            tunable,
            profile,
            contract,
            reviewed,
          });
    return faults.map(({ index, message }) => ({
      path: ["models", model, "extraArgs", index],
      message,
    }));
  });
}

function notRead(engine: string): string {
  return `engine ${engine} takes no further flags, since none was read in its sources; remove it`;
}

/** The flags that the product sets are the same for every model. */
const anyModel: EngineArgs = {
  servedName: "any",
  weightsPath: "any/any",
  gpus: 1,
  contextTokens: 1,
  cachePrecision: "bf16",
  prefixCache: false,
  toolParser: "any",
  extraArgs: [],
};
