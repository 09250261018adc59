import type { KubeObject } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import { type Engine, enginesOf } from "./engine-settings.ts";

/** Kinds whose pods run to an end; they serve nobody, so nothing waits for them. */
const batchKinds: ReadonlySet<string> = new Set(["Job", "CronJob", "ScaledJob"]);

/** The main containers of an inference namespace that serve a model, as far as anybody can tell. */
export function servedEngines(object: KubeObject, settings: Settings): readonly Engine[] {
  if (batchKinds.has(object.kind)) return [];
  return enginesOf(object, settings).filter(({ container }) => container.list === "containers");
}

/**
 * The value of a flag: `--name=value` or `--name value`, with underscores for hyphens as engines take
 * them; the last one counts. `undefined`: it is not given. `null`: it is given without a value.
 */
export function flagValue(
  words: readonly (string | undefined)[],
  flag: string,
): string | null | undefined {
  let found: string | null | undefined;
  for (const [index, word] of words.entries()) {
    const [name = "", ...value] = (word ?? "").split("=");
    if (name.replaceAll("_", "-") !== flag) continue;
    found = value.length > 0 ? value.join("=") : (words[index + 1] ?? null);
  }
  return found;
}
