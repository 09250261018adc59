import type { Engine } from "./engine.ts";
import { vllmEngine } from "./vllm.ts";

/** Engines that a model may name. */
export const engineNames = ["vllm"] as const;
export type EngineName = (typeof engineNames)[number];

export const engines: Readonly<Record<EngineName, Engine>> = { vllm: vllmEngine };
