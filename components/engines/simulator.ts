import { concurrentSequences } from "../lib/engine-limits.ts";
import {
  apiKeyField,
  type Engine,
  type EngineArgs,
  type EngineVariable,
  enginePort,
  shutdownTimeoutSeconds,
} from "./engine.ts";
import { vllmMetrics } from "./vllm-metrics.ts";

/** Reachable by `kubectl port-forward` alone, since it listens on loopback. */
const controlPort = 8001;
const keyVariable = "SIMULATOR_API_KEY";

/** Command line of `tools/simulator`; it takes what a stack declares and reads no weights. */
export function simulatorCommand(args: EngineArgs): string[] {
  return [
    "node",
    "/simulator/main.ts",
    "--role=engine",
    `--model=${args.servedName}`,
    "--host=0.0.0.0",
    `--port=${enginePort}`,
    `--control-port=${controlPort}`,
    `--api-key-variable=${keyVariable}`,
    `--context-tokens=${args.contextTokens}`,
    `--max-num-seqs=${concurrentSequences}`,
    `--max-num-queued-reqs=${2 * concurrentSequences}`,
    "--force-include-usage",
    ...(args.toolParser === undefined ? ["--without-tool-parser"] : []),
    `--shutdown-timeout=${shutdownTimeoutSeconds}`,
  ];
}

function simulatorEnvironment(apiKeySecret: string): EngineVariable[] {
  return [
    { name: keyVariable, valueFrom: { secretKeyRef: { name: apiKeySecret, key: apiKeyField } } },
  ];
}

/** Plays an engine without a GPU: no model, made-up answers. For local clusters alone. */
export const simulatorEngine: Engine = {
  id: "simulator",
  support: "simulation",
  contract: undefined,
  command: simulatorCommand,
  environment: simulatorEnvironment,
  modelName: ({ servedName }) => servedName,
  alwaysKeepsPrefixes: false,
  tunableFlags: new Set(),
  liveness: "health",
  healthPath: "/health",
  metrics: vllmMetrics,
  drainSeconds: shutdownTimeoutSeconds,
};
