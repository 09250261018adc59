import { fitOf } from "./fit.ts";
import { type FitQuestion, requestTokens } from "./question.ts";
import { type WayOut, waysOut } from "./ways-out.ts";

/** `33.51` as `33.5`. */
export function oneDecimal(value: number): string {
  return value.toFixed(1);
}

/**
 * Why the memory is not enough, what is missing and what would help, as one sentence each; `undefined` where it
 * is enough. Rules are told by themselves.
 */
export function memoryShortage(question: FitQuestion): string | undefined {
  const { missingGib, memory, poolTokens, neededTokens } = fitOf(question);
  if (missingGib === 0) return undefined;
  const { model, precision, gpus, gpu, load, contextTokens } = question;
  const where = `${model} in ${precision} does not fit ${gpus} x ${gpu.product}`;
  const total = oneDecimal(missingGib * gpus);
  const missing = `${oneDecimal(missingGib)} GiB per GPU are missing, ${total} GiB in all`;
  const wanted = `the KV cache must hold ${neededTokens} tokens (${load.concurrency} requests of ${requestTokens(load)}, and one of ${contextTokens})`;
  const room =
    memory.pool > 0
      ? `and has room for ${poolTokens}`
      : "and the weights alone are larger than the memory";
  const ways = waysOut(question).map(wayOutText);
  const remedy =
    ways.length > 0
      ? `any one of these makes it fit: ${ways.join("; ")}`
      : "no single change makes it fit: use larger GPUs, a smaller model, or several of fewer requests, shorter context, lower precision and more GPUs together";
  return `${where}: ${missing}; ${wanted} ${room}; ${remedy}`;
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
