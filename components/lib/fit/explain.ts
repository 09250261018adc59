import { type Fit, fitOf } from "./fit.ts";
import { type FitQuestion, requestTokens } from "./question.ts";
import { type WayOut, waysOut } from "./ways-out.ts";

/** Why the memory is not enough, and what would help. */
export interface Shortage {
  /** What is missing, in GiB, and why. */
  readonly problem: string;
  /** Keys of a stack file with values that were tried. */
  readonly remedy: string;
}

/** `undefined` where the memory is enough; rules are told by themselves. */
export function shortageOf(question: FitQuestion): Shortage | undefined {
  const fit = fitOf(question);
  if (fit.missingGib === 0) return undefined;
  return { problem: problemOf(question, fit), remedy: remedyOf(question) };
}

/** GiB as people read them: `4.1`. */
export function gibText(gib: number): string {
  return gib.toFixed(1);
}

function problemOf(question: FitQuestion, fit: Fit): string {
  const { model, precision, gpus, gpu, load, contextTokens } = question;
  const missing = `${gibText(fit.missingGib)} GiB per GPU are missing, ${gibText(fit.missingGib * gpus)} GiB in all`;
  const room =
    fit.memory.pool > 0
      ? `has room for ${fit.poolTokens}`
      : "has none, since the weights alone are larger than the memory";
  return `${model} in ${precision} does not fit ${gpus} x ${gpu.product}: ${missing}; the KV cache must hold ${fit.neededTokens} tokens (${load.concurrency} requests of ${requestTokens(load)}, and one of ${contextTokens}) and ${room}`;
}

function remedyOf(question: FitQuestion): string {
  const ways = waysOut(question).map(wayOutText);
  return ways.length > 0
    ? `any one of these makes it fit: ${ways.join("; ")}`
    : "no single change makes it fit: choose larger GPUs or a smaller model, or change gpus, precision and load together";
}

/** A way out as keys of a stack file. */
export function wayOutText(way: WayOut): string {
  switch (way.change) {
    case "gpus":
      return `gpus: ${way.gpus}`;
    case "precision":
      return `precision: ${way.precisions.join(" or ")}`;
    case "contextTokens":
      return `contextTokens: ${way.contextTokens}`;
    case "concurrency":
      return `load.concurrency: ${way.concurrency}`;
    case "requestTokens":
      return `load.inputTokens and load.outputTokens of ${way.requestTokens} together`;
    default:
      way satisfies never;
      return "";
  }
}
