import { type LatencyName, latencyProfiles } from "./latency.ts";

export type Role = "engine" | "provider";

/** All that decides how one simulator behaves; files are paths, so that no secret is an argument. */
export interface SimulatorOptions {
  readonly host: string;
  readonly port: number;
  readonly controlPort: number;
  readonly role: Role;
  readonly models: readonly [string, ...string[]];
  readonly name: string;
  readonly basePath: string;
  readonly apiKeyFile: string | undefined;
  /** Name of the environment variable that holds the key; where there is no file. */
  readonly apiKeyVariable: string | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly maxNumSeqs: number;
  /** Waiting and running together, as the engine counts; undefined means no limit. */
  readonly maxNumQueuedReqs: number | undefined;
  readonly contextTokens: number;
  readonly answerTokens: number;
  readonly latency: LatencyName;
  readonly seed: number;
  readonly forceIncludeUsage: boolean;
  /** Refuses requests with tools, as the engine does for a model without a parser. */
  readonly withoutToolParser: boolean;
  readonly shutdownTimeout: number;
  /** Ends with its parent: the parent holds the other end of standard input. */
  readonly stopOnStdinEnd: boolean;
}

export type Parsed =
  | { readonly ok: true; readonly options: SimulatorOptions }
  | { readonly ok: false; readonly faults: readonly string[] };

const flags: readonly string[] = [
  "force-include-usage",
  "without-tool-parser",
  "stop-on-stdin-end",
];
const values =
  "host port control-port role model name base-path api-key-file api-key-variable tls-cert tls-key max-num-seqs " +
  "max-num-queued-reqs context-tokens answer-tokens latency seed shutdown-timeout";
const known: readonly string[] = [...flags, ...values.split(" ")].map((option) => `--${option}`);

interface Words {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly faults: string[];
}

/** Options of a command line, or every fault of it. */
export function parseOptions(argv: readonly string[]): Parsed {
  const words = split(argv);
  const options = read(words);
  return words.faults.length === 0
    ? { ok: true, options }
    : { ok: false, faults: [...words.faults] };
}

function split(argv: readonly string[]): Words {
  const given = new Map<string, string[]>();
  const faults: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const [word, inline] = cut(argv[index] ?? "");
    if (!known.includes(word)) {
      faults.push(`"${word}" is no option; there are ${known.join(", ")}`);
      continue;
    }
    const option = word.slice(2);
    const next = argv[index + 1];
    if (flags.includes(option)) given.set(option, ["true"]);
    else if (inline !== undefined) given.set(option, [...(given.get(option) ?? []), inline]);
    else if (next === undefined || next.startsWith("--")) faults.push(`${word} has no value`);
    else {
      given.set(option, [...(given.get(option) ?? []), next]);
      index++;
    }
  }
  for (const [option, all] of given) {
    if (option !== "model" && all.length > 1)
      faults.push(`--${option} is given ${all.length} times`);
  }
  return { given, faults };
}

function cut(word: string): readonly [string, string?] {
  const at = word.indexOf("=");
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function read(words: Words): SimulatorOptions {
  const { given } = words;
  const role = choice(words, "role", ["engine", "provider"] as const, "engine");
  const queue = given.has("max-num-queued-reqs");
  return {
    host: text(words, "host") ?? "127.0.0.1",
    port: whole(words, "port", 0, 0, 65_535),
    controlPort: whole(words, "control-port", 0, 0, 65_535),
    role,
    models: models(words),
    name: name(words),
    basePath: basePath(words, role),
    apiKeyFile: text(words, "api-key-file"),
    apiKeyVariable: keyVariable(words),
    tls: tls(words),
    maxNumSeqs: whole(words, "max-num-seqs", 256, 1, 65_536),
    maxNumQueuedReqs: queue ? whole(words, "max-num-queued-reqs", 1, 1, 1_000_000) : undefined,
    contextTokens: whole(words, "context-tokens", 8192, 16, 10_000_000),
    answerTokens: whole(words, "answer-tokens", 32, 1, 100_000),
    latency: choice(words, "latency", ["none", "a100-tp8", "a100-tp4"] as const, "none"),
    seed: whole(words, "seed", 1, 0, 4_294_967_295),
    forceIncludeUsage: given.has("force-include-usage"),
    withoutToolParser: given.has("without-tool-parser"),
    shutdownTimeout: whole(words, "shutdown-timeout", 0, 0, 86_400),
    stopOnStdinEnd: given.has("stop-on-stdin-end"),
  };
}

function text({ given, faults }: Words, option: string): string | undefined {
  const value = given.get(option)?.[0];
  if (value === "") faults.push(`--${option} is empty; give a value or leave it out`);
  return value;
}

function whole(words: Words, option: string, or: number, min: number, max: number): number {
  const value = text(words, option);
  if (value === undefined || value === "") return or;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  words.faults.push(`--${option} is "${value}"; give a whole number from ${min} to ${max}`);
  return or;
}

function choice<const T extends string>(words: Words, option: string, of: readonly T[], or: T): T {
  const value = text(words, option);
  if (value === undefined || value === "") return or;
  const found = of.find((one) => one === value);
  if (found === undefined)
    words.faults.push(`--${option} is "${value}"; give one of ${of.join(", ")}`);
  return found ?? or;
}

function keyVariable(words: Words): string | undefined {
  const variable = text(words, "api-key-variable");
  if (variable !== undefined && words.given.has("api-key-file"))
    words.faults.push("--api-key-variable and --api-key-file are both given; give one");
  return variable;
}

function models({ given, faults }: Words): readonly [string, ...string[]] {
  const [first, ...rest] = given.get("model") ?? [];
  if (first === undefined) faults.push("--model is missing; give the name that clients ask for");
  if ([first, ...rest].includes("")) faults.push("--model is empty; give a name");
  return [first ?? "", ...rest];
}

/** It travels in a response header. */
function name(words: Words): string {
  const value = text(words, "name") ?? "simulator";
  if (!/^[\w.-]{0,64}$/.test(value))
    words.faults.push(`--name is "${value}"; give up to 64 letters, digits, ".", "_" or "-"`);
  return value;
}

function basePath(words: Words, role: Role): string {
  const value = text(words, "base-path") ?? "/v1";
  if (role === "engine" && value !== "/v1")
    words.faults.push(`--base-path is "${value}"; the engine has only /v1, use --role provider`);
  if (!/^(\/[\w.-]+)+$/.test(value))
    words.faults.push(`--base-path is "${value}"; give a path as /v1, without a "/" at its end`);
  return value;
}

function tls(words: Words): SimulatorOptions["tls"] {
  const certFile = text(words, "tls-cert");
  const keyFile = text(words, "tls-key");
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile !== undefined) words.faults.push("--tls-key is missing; --tls-cert needs it");
  if (keyFile !== undefined) words.faults.push("--tls-cert is missing; --tls-key needs it");
  return undefined;
}

/** The command line of `options`; what is left out takes its default. */
export function toArguments(options: Partial<SimulatorOptions>): string[] {
  const { models: names = [], tls: pair, ...more } = options;
  const { forceIncludeUsage, withoutToolParser, stopOnStdinEnd, ...rest } = more;
  const plain = Object.entries(rest).flatMap(([key, value]) =>
    value === undefined ? [] : [`--${kebab(key)}=${String(value)}`],
  );
  return [
    ...plain,
    ...names.map((model) => `--model=${model}`),
    ...(pair === undefined ? [] : [`--tls-cert=${pair.certFile}`, `--tls-key=${pair.keyFile}`]),
    ...(forceIncludeUsage === true ? ["--force-include-usage"] : []),
    ...(withoutToolParser === true ? ["--without-tool-parser"] : []),
    ...(stopOnStdinEnd === true ? ["--stop-on-stdin-end"] : []),
  ];
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export const usage = `usage: node tools/simulator/main.ts --model NAME [options]
  --role engine|provider      plays the engine (default) or a commercial provider
  --model NAME                served name; repeatable
  --name NAME                 response header x-simulator, and part of every answer
  --host HOST --port N        default 127.0.0.1 and any free port
  --control-port N            fault control, always on loopback; default any free port
  --base-path PATH            provider: default /v1
  --api-key-file FILE         demands the key in it
  --api-key-variable NAME     the same, from the environment
  --tls-cert FILE --tls-key FILE
  --max-num-seqs N            running at once, default 256
  --max-num-queued-reqs N     waiting and running; 503 beyond
  --context-tokens N          prompt and answer in tokens, default 8192
  --answer-tokens N           length of an answer, default 32
  --latency ${["none", ...Object.keys(latencyProfiles)].join("|")}
  --seed N                    of the latency and of faults with a rate
  --force-include-usage       every stream ends with usage
  --without-tool-parser       refuses requests with tools
  --shutdown-timeout SECONDS  for running requests after SIGTERM, default 0
  --stop-on-stdin-end         end with the process that holds standard input`;
