import { elements, entries, type Field, get, isEmpty, isUnreadable } from "../model/field.ts";
import { parseImage } from "./images.ts";

/**
 * How a container relates to inference engines. "undecided": its image, command or devices cannot be
 * read, so it may be any engine; "gpu": it holds a GPU but is no engine known by name.
 */
export type EngineClass = "vllm" | "other-engine" | "gpu" | "undecided" | "none";

const otherEngines =
  /trtllm|tensorrt|text-generation|sglang|tritonserver|lmdeploy|llama[-_.]?cpp|ollama|aphrodite|mlc[-_]?llm/;

const gpuResource = /^nvidia\.com\/(?:gpu|mig-)/;

export function engineClass(container: Field): EngineClass {
  const words = [imagePath(get(container, "image")), ...commandLine(container)];
  const text = words
    .filter((word) => word !== undefined)
    .join("\n")
    .toLowerCase();
  if (text.includes("vllm")) return "vllm";
  if (otherEngines.test(text)) return "other-engine";
  if (words.includes(undefined)) return "undecided";
  return gpuUse(container);
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
  const resources = get(container, "resources");
  if (!isEmpty(get(resources, "claims"))) return "gpu";
  for (const side of ["limits", "requests"]) {
    const quantities = entries(get(resources, side));
    if (quantities === undefined) return "undecided";
    for (const [name, quantity] of quantities) {
      if (gpuResource.test(name) && !isZero(quantity)) return "gpu";
    }
  }
  return "none";
}

/** Extended resources are whole numbers, so zero has one spelling. */
function isZero(quantity: Field): boolean {
  return quantity.value === 0 || quantity.value === "0";
}
