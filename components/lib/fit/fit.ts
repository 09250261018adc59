import { cacheBytesPerToken } from "./cache.ts";
import { type MemoryTable, memoryTable, missingGib, poolTokens } from "./memory.ts";
import { type FitQuestion, neededTokens, requestTokens } from "./question.ts";
import { type RuleFault, ruleFaults } from "./rules.ts";
import { weightsGb } from "./weights.ts";

/** Whether one replica fits, and what follows from the memory that is left. */
export interface Fit {
  readonly fits: boolean;
  /** Of each GPU; all are alike. */
  readonly memory: MemoryTable;
  readonly weightsGb: number;
  readonly cacheBytesPerToken: number;
  /** Tokens that the KV cache of the replica holds, and has to hold. */
  readonly poolTokens: number;
  readonly neededTokens: number;
  /** GiB per GPU that are missing; 0 where the memory is enough. */
  readonly missingGib: number;
  /** Longest sequence that fits by itself, at most what the model was trained for. 0: none. */
  readonly largestContext: number;
  /** Requests of the declared length that fit at once. */
  readonly largestConcurrency: number;
  /** Sequences of the longest context that fit at once. */
  readonly worstCaseSequences: number;
  /** Rules that no amount of memory mends. */
  readonly faults: readonly RuleFault[];
}

/** Pure arithmetic: nothing here was measured on hardware of this project. */
export function fitOf(question: FitQuestion): Fit {
  const { shape, precision, cachePrecision, gpu, gpus, load, contextTokens } = question;
  const weights = weightsGb(shape, precision);
  const memory = memoryTable(gpu, weights, gpus, question.utilization);
  const bytes = cacheBytesPerToken(shape, cachePrecision, gpus);
  const pool = poolTokens(memory, gpus, bytes);
  const needed = neededTokens(question);
  const faults = ruleFaults(question);
  return {
    fits: pool >= needed && faults.length === 0,
    memory,
    weightsGb: weights,
    cacheBytesPerToken: bytes,
    poolTokens: pool,
    neededTokens: needed,
    missingGib: pool >= needed ? 0 : missingGib(memory, gpus, bytes, needed),
    largestContext: Math.min(pool, shape.nativeContextTokens),
    largestConcurrency: Math.floor(pool / requestTokens(load)),
    worstCaseSequences: Math.floor(pool / contextTokens),
    faults,
  };
}

/** Fewest GPUs of one node on which the question, as it stands, fits. */
export function smallestGpus(question: FitQuestion): number | undefined {
  const counts = Array.from({ length: question.gpusPerNode }, (_, index) => index + 1);
  return counts.find((gpus) => fitOf({ ...question, gpus }).fits);
}
