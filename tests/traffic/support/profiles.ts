export interface TokenProfile {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly source: string;
}

/** Lengths of prompts and answers under which load is made. */
export const tokenProfiles = {
  random: {
    inputTokens: 1024,
    outputTokens: 128,
    source:
      "the lengths that `vllm bench serve` takes for its random data set when none are given " +
      "(docs.vllm.ai, cli/bench/serve), read 2026-11; all requests are alike, so spread is the machine's",
  },
} as const satisfies Readonly<Record<string, TokenProfile>>;
