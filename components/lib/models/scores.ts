import type { ModelId } from "./shapes.ts";

export const benchmarks = ["MMLU", "HumanEval", "GSM8K", "GPQA"] as const;
export type Benchmark = (typeof benchmarks)[number];

/** What its publisher, or a rival, reports of a model. Nothing was measured by this project. */
export interface Score {
  /** Percent. */
  readonly values: Readonly<Partial<Record<Benchmark, number>>>;
  /** The very model that was measured; often not the one that is deployed. */
  readonly measured: string;
  readonly method: string;
  readonly source: string;
  /** Year and month in which the source was read. */
  readonly asOf: `${number}-${number}`;
}

const asOf = "2026-11";
const llama3Card = {
  method: "5-shot, 0-shot, 8-shot with reasoning, 0-shot",
  source: "MODEL_CARD.md of meta-llama/llama3",
  asOf,
} as const;
const llama31Card = {
  ...llama3Card,
  source: "models/llama3_1/MODEL_CARD.md of meta-llama/llama-models",
} as const;
const qwenTable = {
  method: "5-shot, 0-shot, 8-shot; best of what was reported and OpenCompass",
  source: "README.md of QwenLM/Qwen",
  asOf,
} as const;

/**
 * The comparison that is often quoted, MMLU 68.9 to 82.0, sets a base model (Llama 2) beside an instructed one
 * (Llama 3). Both kinds stand here and say which they are. Where HumanEval 35.9 is quoted for Qwen 72B, its
 * publisher's table says 35.4.
 */
export const scores: Readonly<Record<ModelId, readonly Score[]>> = {
  "llama-2-70b-chat": [
    {
      ...llama3Card,
      values: { MMLU: 52.9, HumanEval: 25.6, GSM8K: 57.5, GPQA: 21 },
      measured: "Llama 2 70B chat",
    },
    {
      values: { MMLU: 68.9, HumanEval: 29.9, GSM8K: 56.8 },
      measured: "Llama 2 70B base",
      method: "5-shot, 0-shot, 8-shot",
      // MMLU read in models/llama2/MODEL_CARD.md; the other two as the paper is quoted, not read again.
      source: "Llama 2 paper, arXiv 2307.09288",
      asOf,
    },
  ],
  "llama-3-8b-instruct": [
    {
      ...llama3Card,
      values: { MMLU: 68.4, HumanEval: 62.2, GSM8K: 79.6, GPQA: 34.2 },
      measured: "Llama 3 8B Instruct",
    },
  ],
  "llama-3-70b-instruct": [
    {
      ...llama3Card,
      values: { MMLU: 82, HumanEval: 81.7, GSM8K: 93, GPQA: 39.5 },
      measured: "Llama 3 70B Instruct",
    },
  ],
  "llama-3.1-8b-instruct": [
    {
      ...llama31Card,
      values: { MMLU: 69.4, HumanEval: 72.6, GSM8K: 84.5, GPQA: 30.4 },
      measured: "Llama 3.1 8B Instruct",
    },
  ],
  "llama-3.1-70b-instruct": [
    {
      ...llama31Card,
      values: { MMLU: 83.6, HumanEval: 80.5, GSM8K: 95.1, GPQA: 46.7 },
      measured: "Llama 3.1 70B Instruct",
    },
  ],
  "llama-3.3-70b-instruct": [
    {
      values: { MMLU: 86, HumanEval: 88.4, GPQA: 50.5 },
      measured: "Llama 3.3 70B Instruct",
      method: "0-shot with reasoning, 0-shot, GPQA Diamond with reasoning",
      source: "models/llama3_3/MODEL_CARD.md of meta-llama/llama-models",
      asOf,
    },
  ],
  "mistral-7b-instruct": [
    {
      values: { MMLU: 62.5, HumanEval: 26.2, GSM8K: 50 },
      measured: "Mistral 7B base, first release",
      method: "5-shot, 0-shot, 8-shot with 8 votes",
      source: "Mixtral paper, arXiv 2401.04088, as quoted by datatunnel.io",
      asOf,
    },
  ],
  "mixtral-8x7b-instruct": [
    {
      values: { MMLU: 70.6, HumanEval: 40.2, GSM8K: 74.4 },
      measured: "Mixtral 8x7B base",
      method: "5-shot, 0-shot, 8-shot with 8 votes",
      source: "Mixtral paper, arXiv 2401.04088, as quoted by datatunnel.io",
      asOf,
    },
  ],
  "qwen1.5-72b-chat": [
    {
      ...qwenTable,
      values: { MMLU: 77.4, HumanEval: 35.4, GSM8K: 78.9 },
      measured: "Qwen 72B base, the generation before",
    },
  ],
  "qwen2.5-72b-instruct": [
    {
      // The report has no plain MMLU of the instructed model: MMLU-redux is 86.8 and is another test.
      values: { HumanEval: 86.6, GSM8K: 95.8, GPQA: 49 },
      measured: "Qwen2.5 72B Instruct",
      method: "as in the report",
      source: "Qwen2.5 technical report, arXiv 2412.15115, table 6",
      asOf,
    },
  ],
  "yi-34b-chat": [
    {
      ...qwenTable,
      values: { MMLU: 76.3, HumanEval: 26.2, GSM8K: 67.9 },
      measured: "Yi 34B base",
    },
  ],
};
