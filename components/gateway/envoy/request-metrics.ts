import { backendHeader } from "../names.ts";
import { factFormat, facts } from "./client-metadata.ts";
import { numberFormat, statedTokens } from "./spend.ts";
import { type NamedExtension, typed } from "./types.ts";

/** First part of the names of these metrics. */
export const requestMetrics = "private_llm";

const byClass = [
  { name: "class", value_format: factFormat(facts.class) },
  { name: "backend", value_format: `%RESP(${backendHeader})%` },
];

/**
 * Metrics of requests by class and backend, which Envoy's own do not tell apart. Envoy marks this logger as
 * unfinished (1.40). Tags have few values each: classes and backends of the stack, and statuses.
 * @param units expression of what a request cost
 */
export function requestMetricsLog(units: string): NamedExtension {
  const counter = (name: string, value: object, tags: readonly object[] = byClass) => ({
    stat: { name, tags },
    ...value,
  });
  const sum = (expression: string) => ({ value_format: numberFormat(expression) });
  const milliseconds = (name: string, value_format: string) => ({
    stat: { name, tags: byClass },
    unit: "Milliseconds",
    value_format,
  });
  return {
    name: "envoy.access_loggers.stats",
    typed_config: typed("envoy.extensions.access_loggers.stats.v3.Config", {
      stats_scope: { prefix: requestMetrics },
      counters: [
        counter("requests", { value_fixed: 1 }, [
          ...byClass,
          { name: "status", value_format: "%RESPONSE_CODE%" },
        ]),
        counter("input_tokens", sum(statedTokens("input"))),
        counter("cached_tokens", sum(statedTokens("cached"))),
        counter("output_tokens", sum(statedTokens("output"))),
        counter("spend_units", sum(units), [
          ...byClass,
          { name: "team_hash", value_format: factFormat(facts.teamHash) },
        ]),
        counter(
          "retries",
          sum("upstream.request_attempt_count > 1 ? int(upstream.request_attempt_count) - 1 : 0"),
        ),
      ],
      histograms: [
        milliseconds("duration", "%DURATION%"),
        milliseconds("first_token", "%COMMON_DURATION(DS_RX_BEG:US_RX_BODY_BEG:ms)%"),
      ],
    }),
  };
}

/** Bounds in milliseconds. 5,000 is there exactly, because the gates ask for the share below five seconds. */
export const requestBuckets = {
  histogram_bucket_settings: [
    {
      match: { prefix: `${requestMetrics}.` },
      buckets: [
        25, 50, 100, 250, 500, 1000, 2000, 3000, 4000, 5000, 7500, 10_000, 20_000, 30_000, 60_000,
        120_000, 300_000,
      ],
    },
  ],
};
