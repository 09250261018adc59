import { generator, type Random } from "./random.ts";

export interface LatencyProfile {
  /** Milliseconds, lowest and highest. */
  readonly firstToken: readonly [number, number];
  readonly betweenTokens: readonly [number, number];
  /** Prompt tokens per second in prefill: what a long prompt adds to the first token. */
  readonly prefillRate: number;
  /** Tokens that fit into the KV cache. */
  readonly kvTokens: number;
  readonly source: string;
}

/** Up to here a prompt is short, and its prefill part of `firstToken`. An assumption: the source names no length. */
export const shortPrompt = 512;

export const latencyProfiles = {
  "a100-tp8": {
    firstToken: [250, 400],
    betweenTokens: [28, 45],
    prefillRate: 8_800,
    kvTokens: 1_407_000,
    source:
      "llm-d-inference-sim docs/latency-profiles.md, 70B on 8 x A100, batch 1, approximate, November 2026; " +
      "prefill: 8 x 312 TFLOP/s / 141 GFLOP per token at 50 % (derived); KV: Llama-3-70B BF16 TP8 (derived)",
  },
  "a100-tp4": {
    firstToken: [400, 700],
    betweenTokens: [40, 60],
    prefillRate: 4_400,
    kvTokens: 484_000,
    source:
      "the same, 4 x A100: prefill: 4 x 312 TFLOP/s / 141 GFLOP per token at 50 % (derived); " +
      "KV: Llama-3-70B BF16 TP4 (derived)",
  },
} as const satisfies Record<string, LatencyProfile>;

export type LatencyName = "none" | keyof typeof latencyProfiles;

/** What `slow` multiplies where there is no latency of its own. */
const slowBase: LatencyProfile = {
  ...latencyProfiles["a100-tp8"],
  firstToken: [10, 10],
  betweenTokens: [1, 1],
  source: "chosen: a factor of 10 is visible, and a test stays short",
};

/** Delays of one request, in milliseconds. */
export interface Pace {
  readonly first: (factor: number) => number;
  readonly next: (factor: number) => number;
}

/**
 * The pace of request number `ordinal`. Each request draws from a sequence of its own, so what runs beside it
 * does not change its figures.
 */
export function pace(name: LatencyName, seed: number, ordinal: number, prefill: number): Pace {
  const random = generator(seed, ordinal);
  const long = Math.max(0, prefill - shortPrompt);
  const of = (factor: number): LatencyProfile | undefined =>
    name === "none" ? (factor === 1 ? undefined : slowBase) : latencyProfiles[name];
  return {
    first: (factor) => {
      const profile = of(factor);
      if (profile === undefined) return 0;
      return factor * (within(profile.firstToken, random) + (1000 * long) / profile.prefillRate);
    },
    next: (factor) => {
      const profile = of(factor);
      return profile === undefined ? 0 : factor * within(profile.betweenTokens, random);
    },
  };
}

/** Room in the KV cache; the smaller pool stands for an engine without a profile. */
export function kvTokens(name: LatencyName): number {
  return latencyProfiles[name === "none" ? "a100-tp4" : name].kvTokens;
}

function within([low, high]: readonly [number, number], random: Random): number {
  return low + (high - low) * random();
}
