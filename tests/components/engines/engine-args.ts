import type { EngineArgs } from "../../../components/engines/engine.ts";

/** A model as any engine is told of it, with every setting that adds a flag. */
export const engineArgs: EngineArgs = {
  servedName: "m",
  weightsPath: "m/r",
  gpus: 4,
  contextTokens: 8192,
  cachePrecision: "bf16",
  prefixCache: false,
  toolParser: "hermes",
  extraArgs: [],
};
