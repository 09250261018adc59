import type { FitQuestion } from "../../../components/lib/fit/question.ts";
import { type GpuModel, gpuFacts } from "../../../components/lib/gpus.ts";
import { type ModelId, modelShapes } from "../../../components/lib/models/shapes.ts";

/** The profile of stack dev. */
export const devLoad = { concurrency: 32, inputTokens: 1_280, outputTokens: 256 } as const;

/** A model of the catalogue on a node of 8 GPUs; `change` replaces parts of the question. */
export function question(
  model: ModelId,
  change: Partial<FitQuestion> = {},
  gpu: GpuModel = "a100-sxm-80gb",
): FitQuestion {
  return {
    model,
    shape: modelShapes[model],
    precision: "bf16",
    checkpoints: {
      bf16: "o/m",
      fp8: "o/m-FP8",
      int8: "o/m-w8a8",
      awq: "o/m-AWQ",
      gptq: "o/m-GPTQ",
    },
    cachePrecision: "bf16",
    gpu: gpuFacts[gpu],
    utilization: 0.92,
    gpus: 4,
    gpusPerNode: 8,
    contextTokens: 4_096,
    load: devLoad,
    ...change,
  };
}
