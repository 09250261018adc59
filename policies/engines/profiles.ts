import type { EngineProfile } from "./facts.ts";
import { sglang } from "./sglang.ts";
import { tensorRtLlm } from "./tensorrt-llm.ts";
import { textGenerationInference } from "./text-generation-inference.ts";
import { vllm } from "./vllm.ts";

/** Engines whose settings the rules know. */
export const profiles: readonly EngineProfile[] = [
  vllm,
  sglang,
  tensorRtLlm,
  textGenerationInference,
];

/** Words in an image's path or a command by which an engine other than vLLM is known. */
export const signs: readonly (readonly [profile: EngineProfile, sign: RegExp])[] = [
  [sglang, /sglang/],
  [tensorRtLlm, /trtllm|tensorrt[-_]?llm/],
  [textGenerationInference, /text-generation-(?:inference|launcher|server)/],
];

/**
 * The engine that the words speak of; `undefined` where they speak of none that is known, or of two.
 * @param text image path and words of the command
 */
export function profileByText(text: string): EngineProfile | undefined {
  const found = signs.filter(([, sign]) => sign.test(text.toLowerCase()));
  return found.length === 1 ? found[0]?.[0] : undefined;
}
