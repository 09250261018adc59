/** What a setting of an engine can do; each topic is judged by one rule. */
export type Topic =
  | "artefact"
  | "cache"
  | "channel"
  | "code"
  | "key"
  | "logging"
  | "media"
  | "offload"
  | "surface"
  | "tools"
  | "trace";

/** What the rules know of one flag or variable. Without a topic it is harmless whatever its value. */
export interface SettingFacts {
  readonly topic?: Topic;
  /** End of a sentence that begins with the name of the setting; absent where a rule judges the value itself. */
  readonly risk?: string;
  /** Whole values that are without the risk. */
  readonly safe?: RegExp;
}

/** Words that belong to a flag: none, one, all up to the next flag, or one that holds JSON. */
export type Takes = "nothing" | "value" | "values" | "json";

export interface FlagFacts extends SettingFacts {
  readonly takes: Takes;
}

/** What the rules know of one engine. A flag or variable in none of the tables is not harmless but unknown. */
export interface EngineProfile {
  /** Name as its makers write it. */
  readonly name: string;
  /** Version whose sources the tables were read from, and when. */
  readonly source: string;
  /** Value of the label `app.kubernetes.io/name`, and a part of the image's path. */
  readonly id: string;
  /** First words of a command that starts the server. */
  readonly launchers: readonly (readonly RegExp[])[];
  /** Whether the image starts the server itself, so that `args` alone are flags of the server. */
  readonly hasEntryPoint: boolean;
  /** Whether a word that belongs to no flag names the model. */
  readonly positional: "model" | "ignored";
  /** Flags that name the model. */
  readonly modelFlags: ReadonlySet<string>;
  readonly modelVariable?: string;
  /** Port of the API where no `--port` says another. */
  readonly port: number;
  /** Variable that holds the API key; absent where the engine reads none. */
  readonly keyVariable?: string;
  /** Flags that name a file with further flags. */
  readonly fileFlags: ReadonlySet<string>;
  /** Other spellings of a flag. */
  readonly aliases: ReadonlyMap<string, string>;
  /** By name with hyphens: `--name`, a key inside JSON as `--name.key`, any key below as `--name.*`. */
  readonly flags: ReadonlyMap<string, FlagFacts>;
  readonly variables: ReadonlyMap<string, SettingFacts>;
}

export type Entry<T> = readonly [name: string, facts: T];

/** Names separated by white space. */
export function names(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

export function harmlessFlags(takes: Takes, list: string): readonly Entry<FlagFacts>[] {
  return names(list).map((name) => [`--${name}`, { takes }]);
}

/** Flags with a risk; with `safe`, only at other values. */
export function riskyFlags(
  topic: Topic,
  takes: Takes,
  list: string,
  risk: string,
  safe?: RegExp,
): readonly Entry<FlagFacts>[] {
  const facts = safe === undefined ? { takes, topic, risk } : { takes, topic, risk, safe };
  return names(list).map((name) => [`--${name}`, facts]);
}

export function harmlessVariables(list: string): readonly Entry<SettingFacts>[] {
  return names(list).map((name) => [name, {}]);
}

export function riskyVariables(
  topic: Topic,
  list: string,
  risk: string,
  safe?: RegExp,
): readonly Entry<SettingFacts>[] {
  const facts = safe === undefined ? { topic, risk } : { topic, risk, safe };
  return names(list).map((name) => [name, facts]);
}

/** Variables whose value a rule judges by itself, such as a path or an address. */
export function judgedVariables(topic: Topic, list: string): readonly Entry<SettingFacts>[] {
  return names(list).map((name) => [name, { topic }]);
}

/** Facts of a flag as it stands on a command line; `undefined` for one that nobody reviewed. */
export function flagFacts(profile: EngineProfile, name: string): FlagFacts | undefined {
  const exact = profile.flags.get(name);
  if (exact !== undefined) return exact;
  // `--no-x` turns the switch `--x` off.
  const positive = profile.flags.get(name.replace(/^--no-/, "--"));
  if (name.startsWith("--no-") && positive?.takes === "nothing") return { takes: "nothing" };
  for (let end = name.lastIndexOf("."); end > 0; end = name.lastIndexOf(".", end - 1)) {
    const below = profile.flags.get(`${name.slice(0, end)}.*`);
    if (below !== undefined) return below;
  }
  // A key of something that is at fault as a whole.
  const whole = profile.flags.get(name.split(".", 1)[0] ?? "");
  if (whole?.topic === undefined || whole.risk === undefined) return undefined;
  return { takes: "value", topic: whole.topic, risk: whole.risk };
}
