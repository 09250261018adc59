import type { GatewayConfig } from "../lib/stack/gateway.ts";

/** Seconds in which a pod that stops may still be told new connections: its endpoint lingers in every node. */
export const endpointSeconds = 15;
/** Seconds of an answer beyond what its class allows, before nobody waits for it any more. */
const marginSeconds = 15;

/**
 * Envoy ends its streams at SIGTERM, so the signal has to come when none is left: after the endpoint is gone
 * everywhere and the longest answer that a class allows is through.
 */
export function preStopSeconds({ taskClasses }: Pick<GatewayConfig, "taskClasses">): number {
  const longest = Math.max(...taskClasses.map((one) => one.latencyBudgetSeconds));
  return endpointSeconds + Math.ceil(longest) + marginSeconds;
}

/** Seconds for the process to end after the signal; longer than it has ever been seen to take. */
const stopSeconds = 15;

/** Seconds until the kubelet kills what is left; longer than hook and end together. */
export function gracePeriodSeconds(config: Pick<GatewayConfig, "taskClasses">): number {
  return preStopSeconds(config) + stopSeconds;
}
