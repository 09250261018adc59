import type * as k8s from "@pulumi/kubernetes";
import { enginePort } from "../engines/engine.ts";
import { oneTokenCommand } from "../lib/one-token-probe.ts";
import { startupBudgetSeconds } from "../lib/start-up.ts";

const startupPeriodSeconds = 10;

type Probes = Pick<
  k8s.types.input.core.v1.Container,
  "startupProbe" | "readinessProbe" | "livenessProbe"
>;

/**
 * Start-up follows the size of the weights. Liveness asks the engine for one token, because its
 * `/health` stays green while inference is dead; it waits longer than a full queue, so load alone
 * never restarts a replica.
 */
export function engineProbes(servedName: string, weightsGb: number): Probes {
  const health = { path: "/health", port: "http" };
  return {
    startupProbe: {
      httpGet: health,
      periodSeconds: startupPeriodSeconds,
      failureThreshold: Math.ceil(startupBudgetSeconds(weightsGb) / startupPeriodSeconds),
    },
    readinessProbe: { httpGet: health, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 },
    livenessProbe: {
      exec: { command: oneTokenCommand({ servedName, port: enginePort }) },
      periodSeconds: 60,
      timeoutSeconds: 120,
      failureThreshold: 5,
    },
  };
}
