import type { GatewayConfig } from "../lib/stack/gateway.ts";

/** Seconds in which a pod that stops may still be told new connections: its endpoint lingers in every node. */
export const endpointSeconds = 15;
/** Slowest rate at which a stream is worth waiting for, tokens per second. */
const slowestTokensPerSecond = 10;

/** Seconds of the longest answer of a class: what it allows, or its most tokens at a slow rate. */
function longestAnswer({ taskClasses }: Pick<GatewayConfig, "taskClasses">): number {
  const seconds = taskClasses.map(({ latencyBudgetSeconds, maxOutputTokens }) =>
    Math.max(latencyBudgetSeconds, maxOutputTokens / slowestTokensPerSecond),
  );
  return Math.ceil(Math.max(...seconds));
}

/**
 * Envoy breaks its streams off at SIGTERM, so the signal has to come when none is left: after the endpoint is
 * gone everywhere and the longest answer is through.
 */
export function preStopSeconds(config: Pick<GatewayConfig, "taskClasses">): number {
  return endpointSeconds + longestAnswer(config);
}

/** Seconds for the process to end after the signal; longer than it has ever been seen to take. */
const stopSeconds = 15;

/** Seconds until the kubelet kills what is left; longer than hook and end together. */
export function gracePeriodSeconds(config: Pick<GatewayConfig, "taskClasses">): number {
  return preStopSeconds(config) + stopSeconds;
}
