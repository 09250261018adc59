import { elements, type Field, get, textOf } from "../model/field.ts";
import type { Engine } from "./engine-settings.ts";

/** Where a command line is at fault, and why. */
export interface ArgumentFault {
  readonly field: Field;
  readonly problem: string;
}

/** Flags that name something to be loaded; a hub id there would be fetched. */
const loadingFlags = new Set([
  "-hf",
  "--hf-config-path",
  "--hf-repo",
  "--model",
  "--model-id",
  "--model-path",
  "--speculative-config.model",
  "--speculative-model",
  "--tokenizer",
  "--tokenizer-path",
]);

const modelFlags = new Set(["--model", "--model-id", "--model-path"]);

/** Faults of what an engine is told to load. Only vLLM must be told: other engines are known too little. */
export function modelFaults(engine: Engine): readonly ArgumentFault[] {
  const container = engine.container.field;
  const command = elements(get(container, "command"));
  const args = elements(get(container, "args"));
  const words = [...command, ...args];
  const hidden = words.filter((word) => typeof word.value !== "string");
  if (hidden.length > 0) {
    return hidden.map((field) => ({
      field,
      problem: "is not a known text, so the model is unknown",
    }));
  }
  const script = words.find((word) => isScript(word));
  if (script !== undefined) {
    return [{ field: script, problem: "is a shell script, so the model it loads is not visible" }];
  }
  const flags = flagValues(words);
  const rest = served(engine, command, args);
  const positional = rest.filter((_, index) => isPositional(rest, index));
  const named = positional.length > 0 || flags.some(({ flag }) => modelFlags.has(flag));
  const loaded = [
    ...flags.map(({ field }) => field),
    ...positional,
    ...rest.filter((_, index) => isHubId(rest, index)),
  ];
  return [
    ...(named || !mustNameModel(engine, words) ? [] : [missingModel(container)]),
    ...[...new Set(loaded)].filter((field) => !isLocalPath(field)).map(notLocal),
  ];
}

/** A word with white space and an engine's name is a script for a shell, not an argument. */
function isScript(word: Field): boolean {
  const text = textOf(word) ?? "";
  return /\s/.test(text) && /vllm|--model|\bserve\b|huggingface|hf_hub/i.test(text);
}

/** An init container of the engine's image may check files; it loads a model only if it says so. */
function mustNameModel(engine: Engine, words: readonly Field[]): boolean {
  if (engine.engine !== "vllm") return false;
  if (engine.container.list === "containers") return true;
  return words.some((word) => /vllm|^serve$/i.test(textOf(word) ?? ""));
}

interface FlagValue {
  readonly flag: string;
  readonly field: Field;
}

function flagValues(words: readonly Field[]): readonly FlagValue[] {
  return words.flatMap((word, index) => {
    const text = textOf(word) ?? "";
    const equals = text.indexOf("=");
    // Engines take underscores for hyphens in flag names.
    const flag = (equals < 0 ? text : text.slice(0, equals)).replaceAll("_", "-");
    if (!loadingFlags.has(flag)) return [];
    if (equals >= 0) return [{ flag, field: { path: word.path, value: text.slice(equals + 1) } }];
    return [{ flag, field: words[index + 1] ?? { path: word.path, value: undefined } }];
  });
}

/** The words among which an engine looks for its model; empty where it takes none by position. */
function served(
  engine: Engine,
  command: readonly Field[],
  args: readonly Field[],
): readonly Field[] {
  const words = [...command, ...args];
  const server = words.findIndex((word) => /(?:^|\/)trtllm-serve$/.test(textOf(word) ?? ""));
  const serve = words.findIndex((word, index) => index > server && word.value === "serve");
  if (serve >= 0) return words.slice(serve + 1);
  if (server >= 0) return words.slice(server + 1);
  return engine.engine === "vllm" && command.length === 0 ? args : [];
}

/** Neither a flag nor, as far as one can tell, the value of the flag before it. */
function isPositional(words: readonly Field[], index: number): boolean {
  const before = textOf(words[index - 1] ?? { path: "", value: undefined }) ?? "";
  return (
    !isFlag(textOf(words[index] ?? { path: "", value: undefined }) ?? "") && !takesNext(before)
  );
}

/**
 * `owner/name`, also behind `alias=`, wherever it stands: a flag that takes no value would hide a
 * model behind it. The public name of a model may look alike.
 */
function isHubId(words: readonly Field[], index: number): boolean {
  const word = textOf(words[index] ?? { path: "", value: undefined }) ?? "";
  const before = textOf(words[index - 1] ?? { path: "", value: undefined }) ?? "";
  return (
    /^(?:[\w.-]+=)?[\w.-]+\/[\w.-]+$/.test(word) &&
    !isFlag(word) &&
    before !== "--served-model-name"
  );
}

function isFlag(word: string): boolean {
  return word.startsWith("-");
}

function takesNext(word: string): boolean {
  return isFlag(word) && !word.includes("=");
}

function isLocalPath(field: Field): boolean {
  return typeof field.value === "string" && /^\/[^/]/.test(field.value);
}

function notLocal(field: Field): ArgumentFault {
  const shown =
    typeof field.value === "string" ? `"${field.value.slice(0, 80)}"` : "a missing value";
  return { field, problem: `names ${shown}, which is not an absolute local path` };
}

function missingModel(container: Field): ArgumentFault {
  return {
    field: get(container, "args"),
    problem: "names no model, so the engine picks one from a hub",
  };
}
