import { z } from "zod";
import type { CachePrecision, Precision } from "../models/precision.ts";

const count = z.int().positive();

/** How the weights of a model are stored; decides which checkpoint is served. */
export const precisionSchema = z.enum([
  "bf16",
  "fp8",
  "int8",
  "awq",
  "gptq",
] as const satisfies readonly Precision[]);

export const cachePrecisionSchema = z.enum([
  "bf16",
  "fp8",
] as const satisfies readonly CachePrecision[]);

/** What one replica is to carry at once; without it nobody can say that a model fits. */
export const loadSchema = z.strictObject(
  {
    /** Requests that run at the same time. */
    concurrency: count,
    /** Tokens of a prompt, and of an answer. */
    inputTokens: count,
    outputTokens: count,
  },
  {
    error: ({ code, input }) =>
      code === "invalid_type" && input === undefined
        ? "declare what one replica carries, such as {concurrency: 32, inputTokens: 1280, outputTokens: 256}"
        : undefined,
  },
);
