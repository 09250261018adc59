import type { Engine } from "./engine.ts";
import { simulatorEngine } from "./simulator.ts";
import { vllmEngine } from "./vllm.ts";

/** Engines that a model may name. */
export const engineNames = ["vllm", "simulator"] as const;
export type EngineName = (typeof engineNames)[number];

export const engines: Readonly<Record<EngineName, Engine>> = {
  vllm: vllmEngine,
  simulator: simulatorEngine,
};
