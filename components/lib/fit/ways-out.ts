import type { Precision } from "../models/precision.ts";
import { fitOf, smallestGpus } from "./fit.ts";
import type { FitQuestion } from "./question.ts";
import { weightsGb } from "./weights.ts";

/** One change after which a model fits. */
export type WayOut =
  | { readonly change: "gpus"; readonly gpus: number }
  /** Any of these; they take the same memory. */
  | { readonly change: "precision"; readonly precisions: readonly Precision[] }
  | { readonly change: "contextTokens"; readonly contextTokens: number }
  | { readonly change: "concurrency"; readonly concurrency: number }
  /** Shorter requests: tokens of prompt and answer together. */
  | { readonly change: "requestTokens"; readonly requestTokens: number };

/** By the bits of one weight, largest first. */
const lowerPrecisions: readonly (readonly Precision[])[] = [
  ["int8", "fp8"],
  ["awq", "gptq"],
];

interface Candidate {
  readonly way: WayOut;
  /** The question with that change. */
  readonly asked: FitQuestion;
}

/**
 * Changes of one field each, after which the model fits: every one was tried. Empty where it fits already,
 * and where only several changes together help.
 */
export function waysOut(question: FitQuestion): readonly WayOut[] {
  if (fitOf(question).fits) return [];
  return [...moreGpus(question), ...lessPrecision(question), ...lessLoad(question)]
    .filter(({ asked }) => fitOf(asked).fits)
    .map(({ way }) => way);
}

function moreGpus(question: FitQuestion): readonly Candidate[] {
  const gpus = smallestGpus(question);
  return gpus === undefined
    ? []
    : [{ way: { change: "gpus", gpus }, asked: { ...question, gpus } }];
}

function lessPrecision(question: FitQuestion): readonly Candidate[] {
  const { shape, precision } = question;
  return lowerPrecisions.flatMap((group) => {
    const precisions = group.filter(
      (lower) =>
        weightsGb(shape, lower) < weightsGb(shape, precision) &&
        fitOf({ ...question, precision: lower }).fits,
    );
    const [first] = precisions;
    if (first === undefined) return [];
    return [{ way: { change: "precision", precisions }, asked: { ...question, precision: first } }];
  });
}

/** Whatever of the load still leaves something to serve. */
function lessLoad(question: FitQuestion): readonly Candidate[] {
  const { load } = question;
  const { poolTokens, largestConcurrency: concurrency, largestContext } = fitOf(question);
  const requestTokens = Math.floor(poolTokens / load.concurrency);
  const candidates: readonly (Candidate & { readonly sensible: boolean })[] = [
    {
      sensible: largestContext > 0 && largestContext < question.contextTokens,
      way: { change: "contextTokens", contextTokens: largestContext },
      asked: { ...question, contextTokens: largestContext },
    },
    {
      sensible: concurrency > 0 && concurrency < load.concurrency,
      way: { change: "concurrency", concurrency },
      asked: { ...question, load: { ...load, concurrency } },
    },
    {
      // One token of prompt and one of answer at least.
      sensible: requestTokens > 1,
      way: { change: "requestTokens", requestTokens },
      asked: {
        ...question,
        load: { ...load, inputTokens: requestTokens - 1, outputTokens: 1 },
      },
    },
  ];
  return candidates.filter(({ sensible }) => sensible);
}
