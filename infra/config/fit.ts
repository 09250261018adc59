import { shortageOf } from "../../components/lib/fit/explain.ts";
import type { FitQuestion } from "../../components/lib/fit/question.ts";
import { driverFault, gpuFaults } from "../../components/lib/fit/rules.ts";
import { type GpuModel, gpuFacts } from "../../components/lib/gpus.ts";
import { images } from "../versions.ts";
import type { Fault } from "./faults.ts";
import { askedOf, type ModelConfig } from "./models.ts";

interface GpuPool {
  readonly gpu: GpuModel;
  readonly gpusPerNode: number;
}

/** Whether a model fits the nodes of its stack, as a question of the validator. */
export function fitQuestion(model: ModelConfig, { gpu, gpusPerNode }: GpuPool): FitQuestion {
  return { ...askedOf(model), gpu: gpuFacts[gpu], gpusPerNode };
}

/** Models whose weights and cache the GPUs of the stack cannot hold. */
export function fitFaults(models: readonly ModelConfig[], pool: GpuPool): Fault[] {
  return models.flatMap((model, index): Fault[] => {
    const question = fitQuestion(model, pool);
    const shortage = shortageOf(question);
    return [
      ...gpuFaults(question).map(({ field, message }) => ({
        path: ["models", index, field],
        message,
      })),
      ...(shortage === undefined
        ? []
        : [{ path: ["models", index], message: `${shortage.problem}; ${shortage.remedy}` }]),
    ];
  });
}

/** Who brings the GPU driver, as far as its version goes. */
export interface DriverChoice {
  readonly driver?: "image" | "operator";
  readonly driverVersion?: string;
}

/** Version of the GPU driver that the nodes will have; `undefined`: the stack does not say. */
export function driverOf({ driver, driverVersion }: DriverChoice): string | undefined {
  return driver === "operator" ? images.gpuDriver.tag : driverVersion;
}

/** A driver that the engine's CUDA cannot run on. */
export function driverFaults(choice: DriverChoice): Fault[] {
  const version = driverOf(choice);
  const message = version === undefined ? undefined : driverFault(version);
  return message === undefined ? [] : [{ path: ["gpuOperator", "driverVersion"], message }];
}

/** What the fit of a stack depends on. */
export interface FitSubject {
  readonly models: readonly ModelConfig[];
  readonly pool: GpuPool & { readonly count: number };
  readonly driver: DriverChoice;
}
