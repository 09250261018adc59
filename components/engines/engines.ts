import type { Engine } from "./engine.ts";
import { simulatorEngine } from "./simulator.ts";
import { tensorRtLlmEngine } from "./tensorrt-llm.ts";
import { vllmEngine } from "./vllm.ts";

/** Engines that a model may name. */
export const engineNames = ["vllm", "tensorrt-llm", "simulator"] as const;
export type EngineName = (typeof engineNames)[number];

export const engines: Readonly<Record<EngineName, Engine>> = {
  vllm: vllmEngine,
  "tensorrt-llm": tensorRtLlmEngine,
  simulator: simulatorEngine,
};

/** A simulator makes its answers up: it opens no weights, so there is nothing to mount and nothing to verify. */
export function readsWeights(name: EngineName): boolean {
  return engines[name].support !== "simulation";
}
