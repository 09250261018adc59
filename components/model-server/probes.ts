import type * as k8s from "@pulumi/kubernetes";
import { enginePort } from "./vllm.ts";

/** Slowest storage the start budget assumes, GB per second: a network file system at 1 GB/s. */
const storageGbPerSecond = 1;
/** torch.compile without a kept cache, CUDA graph capture and margin, seconds. */
const compileSeconds = 60;
const marginSeconds = 240;
const startupPeriodSeconds = 10;

/** Seconds a start may take before the pod counts as failed. */
export function startupBudgetSeconds(weightsGb: number): number {
  return Math.ceil(weightsGb / storageGbPerSecond) + compileSeconds + marginSeconds;
}

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
      exec: { command: ["python3", "-c", oneTokenRequest(servedName)] },
      periodSeconds: 60,
      timeoutSeconds: 120,
      failureThreshold: 5,
    },
  };
}

/** The interpreter is the engine's own, so the image needs no shell and no further tool. */
function oneTokenRequest(servedName: string): string {
  return [
    "import json, os, urllib.request as r",
    `body = json.dumps({"model": ${JSON.stringify(servedName)}, "prompt": "1", "max_tokens": 1}).encode()`,
    'headers = {"content-type": "application/json", "authorization": "Bearer " + os.environ["VLLM_API_KEY"]}',
    `r.urlopen(r.Request("http://127.0.0.1:${enginePort}/v1/completions", body, headers), timeout=110).read()`,
  ].join("\n");
}
