/** One marker that a chat template writes around messages, and that no message may hold. */
export interface Marker {
  readonly text: string;
  /** Models whose template writes it. */
  readonly format: string;
  /** What to do instead. */
  readonly remedy: string;
}

const user = "make the text between the two a message of role user";
const system = "make the text between the two a message of role system";
const remove = "remove it; the template writes it";
const messages = "send each turn as a message with its role";
const tools = "send tools, calls and results in the fields of the API";

/**
 * Markers that mean nothing else in any text. Sources, as of 2026-11, general knowledge of the published formats:
 * Llama 2: `generation.py` of meta-llama/llama; Llama 3 and 3.1: the prompt formats in the documentation of Llama;
 * ChatML: `chatml.md` of openai-python 0.28; Mistral: documentation of mistral-common.
 */
export const markers: readonly Marker[] = [
  { text: "[INST]", format: "Llama 2 and Mistral", remedy: user },
  { text: "[/INST]", format: "Llama 2 and Mistral", remedy: user },
  { text: "<<SYS>>", format: "Llama 2", remedy: system },
  { text: "<</SYS>>", format: "Llama 2", remedy: system },
  { text: "<|begin_of_text|>", format: "Llama 3", remedy: remove },
  { text: "<|end_of_text|>", format: "Llama 3", remedy: remove },
  { text: "<|start_header_id|>", format: "Llama 3", remedy: messages },
  { text: "<|end_header_id|>", format: "Llama 3", remedy: messages },
  { text: "<|eot_id|>", format: "Llama 3", remedy: messages },
  { text: "<|eom_id|>", format: "Llama 3.1", remedy: messages },
  { text: "<|python_tag|>", format: "Llama 3.1", remedy: tools },
  { text: "<|im_start|>", format: "ChatML (Qwen, Yi)", remedy: messages },
  { text: "<|im_end|>", format: "ChatML (Qwen, Yi)", remedy: messages },
  { text: "<|endoftext|>", format: "Qwen and GPT-2", remedy: remove },
  { text: "[AVAILABLE_TOOLS]", format: "Mistral", remedy: tools },
  { text: "[/AVAILABLE_TOOLS]", format: "Mistral", remedy: tools },
  { text: "[TOOL_CALLS]", format: "Mistral", remedy: tools },
  { text: "[TOOL_RESULTS]", format: "Mistral", remedy: tools },
  { text: "[/TOOL_RESULTS]", format: "Mistral", remedy: tools },
];

const sequence = "Llama 2 and Mistral";
const stop = "remove it; the template writes it, and the engine stops by itself";

/** Also HTML's struck text, so only where it is none: `find-markers.ts`. */
export const sequenceMarkers = {
  "<s>": { text: "<s>", format: sequence, remedy: remove },
  "</s>": { text: "</s>", format: sequence, remedy: stop },
} as const satisfies Readonly<Record<string, Marker>>;
