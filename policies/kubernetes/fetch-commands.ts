import { elements, type Field, get, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import type { ArgumentFault } from "./command-line.ts";
import { containersOf, podTemplate } from "./pod-templates.ts";
import { inInference } from "./scope.ts";

/** Programs that fetch models or code, with the words that make them do it. */
const fetching: readonly (readonly [program: RegExp, word: RegExp])[] = [
  [/^(?:hf|huggingface-cli)$/, /^(?:download|repo|sync|upload)$/],
  [/^modelscope$/, /^download$/],
  [/^ollama$/, /^(?:create|pull|push|run|serve)$/],
  [/^text-generation-server$/, /^download-weights$/],
  [/^vllm$/, /^download-kernels$/],
  [/^git(?:-lfs)?$/, /^(?:clone|fetch|lfs|pull)$/],
  [/^(?:pip3?|uv)$/, /^(?:install|pip|download)$/],
  [/^(?:aws|gsutil|gcloud|s5cmd|rclone|mc)$/, /^(?:s3|storage|cp|copy|sync|mirror|rsync)$/],
];

const alone = /^(?:wget|aria2c|axel)$/;

/** Commands of containers, hooks and probes in an inference namespace that fetch something. */
export function fetchFaults(object: KubeObject, settings: Settings): readonly ArgumentFault[] {
  const template = podTemplate(object);
  if (template === undefined || !inInference(object, settings)) return [];
  return containersOf(template).flatMap(({ field }) => commandsOf(field).flatMap(fetches));
}

/** Every list of words that a container runs. */
function commandsOf(container: Field): readonly (readonly Field[])[] {
  const own = [...elements(get(container, "command")), ...elements(get(container, "args"))];
  const hooks = ["postStart", "preStop"].map((name) => get(container, "lifecycle", name));
  const probes = ["startupProbe", "readinessProbe", "livenessProbe"].map((name) =>
    get(container, name),
  );
  return [own, ...[...hooks, ...probes].map((each) => elements(get(each, "exec", "command")))];
}

function fetches(words: readonly Field[]): readonly ArgumentFault[] {
  return words.flatMap((word, index): ArgumentFault[] => {
    const text = textOf(word) ?? "";
    const parts = /\s/.test(text)
      ? text.split(/[\s;&|()]+/)
      : words.slice(index).map((each) => textOf(each) ?? "");
    // Inside a script the program may stand anywhere; elsewhere this word must be it.
    const found = /\s/.test(text) ? parts.some((_, at) => starts(parts, at)) : starts(parts, 0);
    return found ? [{ field: word, problem: "fetches from outside the pod" }] : [];
  });
}

function starts(parts: readonly string[], at: number): boolean {
  const program = (parts[at] ?? "").split("/").at(-1) ?? "";
  if (alone.test(program)) return true;
  const rest = parts.slice(at + 1);
  return fetching.some(
    ([name, word]) => name.test(program) && rest.some((each) => word.test(each)),
  );
}
