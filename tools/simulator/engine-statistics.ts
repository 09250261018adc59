import { Histogram, tokenBounds } from "./histogram.ts";

/** Bounds of vLLM 0.33.0 (source: its `v1/metrics/buckets.py`), in seconds. */
const latency = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
];
const firstToken = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
  160, 640, 2560,
];
const betweenTokens = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
];

export const finishReasons = ["stop", "length", "abort", "error", "repetition"] as const;
export type EngineFinish = (typeof finishReasons)[number];

/** Seconds of one request that has ended; a phase that it did not reach is 0. */
export interface Finished {
  readonly reason: EngineFinish;
  readonly whole: number;
  readonly queued: number;
  readonly prefill: number;
  readonly decode: number;
  readonly promptTokens: number;
  readonly generated: number;
}

/** What the engine counts, from its start on. */
export class EngineStatistics {
  readonly histograms;
  readonly finished: Record<EngineFinish, number> = {
    stop: 0,
    length: 0,
    abort: 0,
    error: 0,
    repetition: 0,
  };
  promptTokens = 0;
  cachedTokens = 0;
  generatedTokens = 0;
  rejections = 0;

  constructor(contextTokens: number) {
    const tokens = tokenBounds(contextTokens);
    this.histograms = {
      e2e_request_latency_seconds: new Histogram(latency),
      request_queue_time_seconds: new Histogram(latency),
      request_inference_time_seconds: new Histogram(latency),
      request_prefill_time_seconds: new Histogram(latency),
      request_decode_time_seconds: new Histogram(latency),
      time_to_first_token_seconds: new Histogram(firstToken),
      inter_token_latency_seconds: new Histogram(betweenTokens),
      request_time_per_output_token_seconds: new Histogram(betweenTokens),
      request_prompt_tokens: new Histogram(tokens),
      request_generation_tokens: new Histogram(tokens),
    };
  }

  started(promptTokens: number, cachedTokens: number): void {
    this.promptTokens += promptTokens;
    this.cachedTokens += cachedTokens;
  }

  firstToken(seconds: number): void {
    this.generatedTokens++;
    this.histograms.time_to_first_token_seconds.observe(seconds);
  }

  nextToken(seconds: number): void {
    this.generatedTokens++;
    this.histograms.inter_token_latency_seconds.observe(seconds);
  }

  end(request: Finished): void {
    this.finished[request.reason]++;
    const { histograms } = this;
    histograms.e2e_request_latency_seconds.observe(request.whole);
    histograms.request_queue_time_seconds.observe(request.queued);
    histograms.request_prefill_time_seconds.observe(request.prefill);
    histograms.request_decode_time_seconds.observe(request.decode);
    histograms.request_inference_time_seconds.observe(request.prefill + request.decode);
    histograms.request_prompt_tokens.observe(request.promptTokens);
    histograms.request_generation_tokens.observe(request.generated);
    if (request.generated > 1)
      histograms.request_time_per_output_token_seconds.observe(
        request.decode / (request.generated - 1),
      );
  }
}
