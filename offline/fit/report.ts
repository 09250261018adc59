import { type EngineName, engines } from "../../components/engines/engines.ts";
import { type Fit, fitOf, smallestGpus } from "../../components/lib/fit/fit.ts";
import type { FitQuestion, Load } from "../../components/lib/fit/question.ts";
import { driverFault } from "../../components/lib/fit/rules.ts";
import { type WayOut, waysOut } from "../../components/lib/fit/ways-out.ts";
import type { CachePrecision, Precision } from "../../components/lib/models/precision.ts";
import { driverOf, type FitSubject, fitQuestion } from "../../infra/config/fit.ts";
import type { ModelConfig } from "../../infra/config/models.ts";

/** What `fit` tells of a stack; also the shape of `--json`. */
export interface FitReport {
  readonly stack: string;
  readonly gpu: string;
  readonly gpusPerNode: number;
  readonly nodes: number;
  /** `undefined`: the stack does not say. */
  readonly driver: string | undefined;
  readonly driverFault: string | undefined;
  readonly models: readonly ModelReport[];
}

export interface ModelReport {
  readonly name: string;
  readonly model: string;
  /** Set where the arithmetic is that of another engine than the one that serves the model. */
  readonly estimateFor?: EngineName;
  readonly precision: Precision;
  readonly cachePrecision: CachePrecision;
  readonly gpus: number;
  readonly replicas: number;
  readonly contextTokens: number;
  readonly load: Load;
  readonly fit: Fit;
  /** `undefined`: no number of GPUs of one node. */
  readonly smallestGpus: number | undefined;
  readonly waysOut: readonly WayOut[];
  /** The same model on other numbers of GPUs, its own among them, most first. */
  readonly onGpus: readonly { readonly gpus: number; readonly fit: Fit }[];
  /** Smallest number of GPUs by precision. */
  readonly byPrecision: readonly {
    readonly precisions: readonly Precision[];
    readonly gpus: number | undefined;
  }[];
}

/** The two numbers of GPUs that quantisation is said to decide between. */
const compared = [8, 4] as const;

const bySize: readonly (readonly Precision[])[] = [["bf16"], ["int8", "fp8"], ["awq", "gptq"]];

export function fitReport(stack: string, { models, pool, driver }: FitSubject): FitReport {
  const version = driverOf(driver);
  return {
    stack,
    gpu: pool.gpu,
    gpusPerNode: pool.gpusPerNode,
    nodes: pool.count,
    driver: version,
    driverFault: version === undefined ? undefined : driverFault(version),
    models: models.map((model) => modelReport(model, fitQuestion(model, pool))),
  };
}

function modelReport(model: ModelConfig, question: FitQuestion): ModelReport {
  const { engine, name, precision, cachePrecision, gpus, replicas, contextTokens, load } = model;
  return {
    name,
    model: question.model,
    ...(engines[engine].support === "experimental" ? { estimateFor: engine } : {}),
    precision,
    cachePrecision,
    gpus,
    replicas,
    contextTokens,
    load,
    fit: fitOf(question),
    smallestGpus: smallestGpus(question),
    waysOut: waysOut(question),
    onGpus: [...new Set([...compared, gpus])]
      .toSorted((a, b) => b - a)
      .map((count) => ({ gpus: count, fit: fitOf({ ...question, gpus: count }) })),
    byPrecision: bySize.map((precisions) => ({
      precisions,
      gpus: smallest(precisions.map((each) => smallestGpus(anyCheckpoint(question, each)))),
    })),
  };
}

/** Memory alone counts, whether or not somebody publishes the model so. */
function anyCheckpoint(question: FitQuestion, precision: Precision): FitQuestion {
  return { ...question, precision, checkpoints: { [precision]: "any" } };
}

function smallest(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Exit code of the command: every model fits, and the driver with them. */
export function fitExitCode({ models, driverFault: fault }: FitReport): 0 | 1 {
  return fault === undefined && models.every(({ fit }) => fit.fits) ? 0 : 1;
}
