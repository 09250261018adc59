import { commonVariables } from "../engines/common-variables.ts";
import { type Field, get, isUnreadable, textOf } from "../model/field.ts";
import { type ArgumentFault, type CommandLine, type FlagUse } from "./command-line.ts";
import type { Engine } from "./engine-settings.ts";
import { mayProvide } from "./environment.ts";
import { jsonLeaves } from "./json-value.ts";

/** Faults of what an engine is told to load; each must be a local path. */
export function modelFaults(engine: Engine): readonly ArgumentFault[] {
  const { line, profile } = engine;
  if (line === undefined) return [];
  if (line.faults.length > 0) {
    return line.faults.map(({ field, problem }) => ({
      field,
      problem: `${problem}, so the model is unknown`,
    }));
  }
  const positionals = line.positionals.filter(
    (word) => profile?.positional === "model" || looksLikeHubId(word),
  );
  const loaded = [...line.flags.flatMap(loadedByFlag), ...positionals];
  const local = loaded.filter((field) => !isLocalPath(field)).map(notLocal);
  return namesModel(engine, line) ? local : [missingModel(engine), ...local];
}

/** Only an engine whose default is known to be a model of a hub must be told. */
function namesModel({ profile, environment }: Engine, line: CommandLine): boolean {
  if (profile === undefined) return true;
  const { modelFlags, modelVariable } = profile;
  return (
    (profile.positional === "model" && line.positionals.length > 0) ||
    line.flags.some(({ name }) => modelFlags.has(name)) ||
    (modelVariable !== undefined && environment.variables.has(modelVariable))
  );
}

/** What a flag loads: the value of one that loads, and of any other whatever looks like the id of a hub. */
function loadedByFlag(flag: FlagUse): readonly Field[] {
  const { facts, name, values, word } = flag;
  if (facts?.topic === "artefact") {
    const safe = facts.safe;
    if (values.length === 0) return [{ path: word.path, value: undefined }];
    return values
      .filter((value) => !(safe !== undefined && safe.test(textOf(value) ?? "")))
      .flatMap((value) => (name === "--lora-modules" ? adapters(value) : [value]));
  }
  // Another rule judges a flag with another topic; of the harmless ones only JSON may hide a name.
  const reviewed = facts !== undefined && (facts.topic !== undefined || !name.includes("."));
  return reviewed ? [] : values.filter(looksLikeHubId);
}

/** `name=path`, or JSON with `path`. */
function adapters(value: Field): readonly Field[] {
  const leaves = jsonLeaves(value);
  const paths = leaves?.filter(({ keys }) => keys.at(-1) === "path").map(({ field }) => field);
  if (paths !== undefined && paths.length > 0) return paths;
  const text = textOf(value);
  const path = text?.slice(text.indexOf("=") + 1);
  return [path === undefined ? value : { path: value.path, value: path }];
}

/** `owner/name`, also behind `alias=`, and an address. */
function looksLikeHubId(word: Field): boolean {
  const text = textOf(word) ?? "";
  return /^(?:[\w.-]+=)?[\w.-]+\/[\w.-]+$/.test(text) || /^[a-z][a-z0-9+.-]*:\/\//.test(text);
}

export function isLocalPath(field: Field): boolean {
  return typeof field.value === "string" && /^\/[^/]/.test(field.value);
}

function notLocal(field: Field): ArgumentFault {
  const shown =
    typeof field.value === "string"
      ? `"${field.value.slice(0, 80)}"`
      : isUnreadable(field)
        ? "a value that is not known yet"
        : "a missing value";
  return { field, problem: `names ${shown}, which is not an absolute local path` };
}

function missingModel(engine: Engine): ArgumentFault {
  return {
    field: get(engine.container.field, "args"),
    problem: "names no model, so the engine picks one from a hub",
  };
}

/** Variables by which an engine, or the script that starts it, is told its model. */
export const modelVariables = [
  "HF_MODEL_ID",
  "LLAMA_ARG_HF_REPO",
  "LLAMA_ARG_MODEL",
  "LLAMA_ARG_MODEL_URL",
  "LORA_ADAPTERS",
  "MODEL",
  "MODEL_ID",
  "MODEL_NAME",
  "MODEL_PATH",
  "NIM_MODEL_NAME",
  "OLLAMA_MODEL",
  "OLLAMA_MODELS",
  "SM_VLLM_MODEL",
  "TOKENIZER_CONFIG_PATH",
];

/** Faults of what variables tell an engine to load; a whole ConfigMap may tell any but vLLM, which asks none. */
export function modelVariableFaults(asked: Engine): readonly ArgumentFault[] {
  const { engine, environment } = asked;
  const set = modelVariables.flatMap((name): ArgumentFault[] => {
    const entry = environment.variables.get(name);
    if (entry === undefined) return [];
    const source = get(entry, "valueFrom");
    if (source.value !== undefined) {
      return [{ field: source, problem: `decides ${name} outside this object` }];
    }
    const value = get(entry, "value");
    if (isLocalPath(value)) return [];
    // The value itself stays out of the message: it may be a secret.
    return [{ field: value, problem: `sets ${name} to no absolute local path` }];
  });
  const open = modelVariables.find((name) => !environment.variables.has(name));
  const provided = engine === "vllm" ? [] : environment.sources;
  return [
    ...set,
    ...hubVariables(asked),
    ...provided
      .filter((source) => modelVariables.some((name) => mayProvide(source, name)))
      .map((field) => ({
        field,
        problem: `may set ${open ?? "the model"} from outside this object`,
      })),
  ];
}

/** Variables that point an engine at a hub. */
function hubVariables({ environment, profile }: Engine): readonly ArgumentFault[] {
  const known = profile?.variables ?? new Map(commonVariables);
  return [...known].flatMap(([name, { topic, risk, safe }]): ArgumentFault[] => {
    const entry = environment.variables.get(name);
    if (topic !== "artefact" || risk === undefined || entry === undefined) return [];
    if (safe?.test(textOf(get(entry, "value")) ?? "\0") === true) return [];
    return [{ field: entry, problem: `sets ${name}, which ${risk}` }];
  });
}
