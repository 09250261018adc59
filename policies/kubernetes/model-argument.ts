import { elements, type Field, get, textOf } from "../model/field.ts";
import type { Engine } from "./engine-settings.ts";

/** Where a command line is at fault, and why. */
export interface ArgumentFault {
  readonly field: Field;
  readonly problem: string;
}

/** Flags that name something to be loaded; a hub id there would be fetched. */
const loadingFlags = new Set([
  "--hf-config-path",
  "--model",
  "--model-id",
  "--model-path",
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
  const positional = engine.engine === "vllm" ? positionalModel(command, args) : undefined;
  const named = positional !== undefined || flags.some(({ flag }) => modelFlags.has(flag));
  const loaded = [...flags.map(({ field }) => field), ...(positional ? [positional] : [])];
  return [
    ...(named || !mustNameModel(engine, words) ? [] : [missingModel(container)]),
    ...loaded.filter((field) => !isLocalPath(field)).map(notLocal),
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

/** The word after `serve`, or the first argument where the image's own entry point serves. */
function positionalModel(command: readonly Field[], args: readonly Field[]): Field | undefined {
  const words = [...command, ...args];
  const serve = words.findIndex((word) => word.value === "serve");
  const candidate = serve >= 0 ? words[serve + 1] : command.length === 0 ? args[0] : undefined;
  return candidate !== undefined && !(textOf(candidate) ?? "").startsWith("-")
    ? candidate
    : undefined;
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
