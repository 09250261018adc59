import { elements, type Field, get, isEmpty, isUnreadable, textOf } from "../model/field.ts";
import { devicesOf, isGpuDevice } from "./devices.ts";
import { parseImage } from "./images.ts";

/**
 * How a container relates to inference engines. "undecided": its image, command or devices cannot be
 * read, so it may be any engine; "gpu": it holds a GPU but is no engine known by name.
 */
export type EngineClass = "vllm" | "other-engine" | "gpu" | "undecided" | "none";

/** Names of engines other than vLLM in image paths and commands, in lower case (2026-11). */
export const otherEngines =
  /trtllm|tensorrt|text-generation|text-embeddings|sglang|tritonserver|lmdeploy|llama[-_.]?cpp|llama-server|llamafile|ollama|aphrodite|mlc[-_]?llm|localai|koboldcpp|exllama|tabbyapi|lorax|openllm|xinference|fastchat|mistral[-_.]?rs|\bnim\b/;

/** Flags that hardly anything but an engine takes, for images whose name says nothing. */
export const engineFlags =
  /^--(?:gpu[-_]memory[-_]utilization|hf[-_]overrides|max[-_]model[-_]len|mem[-_]fraction[-_]static|model[-_](?:id|path)|served[-_]model[-_]name|tensor[-_]parallel[-_]size|trust[-_]remote[-_]code)(?:=|$)/;

export function engineClass(container: Field): EngineClass {
  const image = imagePath(get(container, "image"));
  const words = commandLine(container);
  if (isVllmImage(image) || words.some((_, index) => runsVllm(words, index))) return "vllm";
  if (otherEngines.test(engineText(container).toLowerCase())) return "other-engine";
  if (words.some((word) => engineFlags.test(word ?? ""))) return "other-engine";
  if (image === undefined || words.includes(undefined)) return "undecided";
  return gpuUse(container);
}

/** Path of the image and words of the command, as far as they can be read. */
export function engineText(container: Field): string {
  return [imagePath(get(container, "image")), ...commandLine(container)]
    .filter((word) => word !== undefined)
    .join("\n");
}

/** By the image's own name or a folder of exactly that name; a maker's other images are no engines. */
function isVllmImage(path: string | undefined): boolean {
  const parts = path?.toLowerCase().split("/") ?? [];
  return parts.includes("vllm") || parts.at(-1)?.includes("vllm") === true;
}

/** Whether a word starts the engine, rather than naming its address or a file of it. */
function runsVllm(words: readonly (string | undefined)[], index: number): boolean {
  const word = words[index]?.toLowerCase() ?? "";
  // A script may hold anything; addresses in it start nothing.
  if (/\s/.test(word)) return word.replaceAll(/\S+:\/\/\S+/g, "").includes("vllm");
  if (word.includes("://") || /:\d+$/.test(word)) return false;
  if (!word.includes("/")) return word.includes("vllm");
  const program = index === 0 || words[index + 1] === "serve";
  return program && word.slice(word.lastIndexOf("/")).includes("vllm");
}

/** Command and arguments as one list; `undefined` stands for each word that cannot be read. */
export function commandLine(container: Field): readonly (string | undefined)[] {
  return [...elements(get(container, "command")), ...elements(get(container, "args"))].map(
    (word) => (typeof word.value === "string" ? word.value : undefined),
  );
}

/** The host is left out: a registry may carry an engine's name without the image being one. */
function imagePath(image: Field): string | undefined {
  if (typeof image.value !== "string" || isUnreadable(image)) return undefined;
  return parseImage(image.value)?.path ?? image.value;
}

function gpuUse(container: Field): EngineClass {
  if (!isEmpty(get(container, "resources", "claims")) || seesDevices(container)) return "gpu";
  const devices = devicesOf(container);
  if (devices === undefined) return "undecided";
  return devices.some(({ name }) => isGpuDevice(name)) ? "gpu" : "none";
}

/** Variables by which the container runtime hands out devices, and values that ask for none. */
export const visibleDevices = /^(?:NVIDIA|AMD)_VISIBLE_DEVICES$/;
export const noDevices = /^(?:|none|void)$/;

/** The container runtime gives devices to whoever names them, without any request for resources. */
function seesDevices(container: Field): boolean {
  return elements(get(container, "env")).some((entry) => {
    if (!visibleDevices.test(textOf(get(entry, "name")) ?? "")) return false;
    return !noDevices.test(textOf(get(entry, "value")) ?? "unknown");
  });
}
