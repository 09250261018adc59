import { weightsGb } from "../../components/lib/fit/weights.ts";
import { catalogueWeights } from "./catalogue-weights.ts";

/** Weights of a model, as far as its path or name tells. */
export interface WeightSize {
  readonly gigabytes: number;
  /** What it was read from, for messages. */
  readonly source: string;
}

/** Bytes of one parameter by the words that names of quantised models carry; source: usual model names, 2026-11. */
const bytesPerParameter: readonly (readonly [RegExp, number])[] = [
  [/awq|gptq|int4|w4a16|4bit|nf4|mxfp4|nvfp4/i, 0.5],
  [/int8|fp8|w8a8|w8a16|8bit/i, 1],
];
const unquantised = 2;

/**
 * Size of the weights that a command line names: from the catalogue where a folder or word carries the
 * name of one of its models, else from the number of parameters in a name such as `Qwen2.5-72B`.
 */
export function weightSize(words: readonly (string | undefined)[]): WeightSize | undefined {
  const steps = words.flatMap((word) => (word ?? "").split(/[/=\s]/));
  for (const step of steps) {
    const known = catalogueWeights(step);
    if (known !== undefined) {
      const { id, shape, precision } = known;
      return { gigabytes: weightsGb(shape, precision), source: id };
    }
  }
  const sizes = steps.flatMap((step) => {
    const gigabytes = sizeOfName(step);
    return gigabytes === undefined ? [] : [{ gigabytes, source: step }];
  });
  // A draft model beside the large one is loaded as well, but the large one decides.
  return sizes.toSorted((a, b) => b.gigabytes - a.gigabytes)[0];
}

function sizeOfName(name: string): number | undefined {
  const match = /(?:^|[-_.])(?:(\d+)x)?(\d+(?:\.\d+)?)b(?:$|[-_.])/i.exec(name);
  if (match?.[2] === undefined) return undefined;
  const billions = Number(match[2]) * Number(match[1] ?? 1);
  const bytes = bytesPerParameter.find(([pattern]) => pattern.test(name))?.[1] ?? unquantised;
  return billions * bytes;
}
