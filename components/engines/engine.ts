import type * as k8s from "@pulumi/kubernetes";
import type { CachePrecision } from "../lib/models/precision.ts";
import type { EngineContract } from "./contract-schema.ts";

/** What an engine is told of the one model that it serves. */
export interface EngineArgs {
  /** Public model name, which clients send. What the engine itself goes by says `Engine.modelName`. */
  readonly servedName: string;
  /** Folder below the weights volume that holds this model at its pinned revision. */
  readonly weightsPath: string;
  /** Tensor-parallel degree: GPUs of one replica. */
  readonly gpus: number;
  /** Longest sequence, prompt and answer together, tokens. */
  readonly contextTokens: number;
  readonly cachePrecision: CachePrecision;
  /** Whether beginnings of prompts are kept; only where each request carries a salt of its tenant. */
  readonly prefixCache: boolean;
  /** Parser by which calls of tools are found in an answer. Undefined: the model was not trained to make any. */
  readonly toolParser: string | undefined;
  /** Words that the stack adds to the command line, as the configuration accepted them. */
  readonly extraArgs: readonly string[];
}

export type EngineVariable = k8s.types.input.core.v1.EnvVar & { readonly name: string };

/** Names of the series that rules, dashboards and autoscaling ask for; all carry the label `model_name`. */
export interface EngineMetrics {
  /** Gauges: requests that run and that wait, and the share of the KV cache in use, 0 to 1. */
  readonly running: string;
  readonly waiting: string;
  readonly kvCacheUsage: string;
  /** Counters. */
  readonly promptTokens: string;
  readonly generationTokens: string;
  readonly finished: string;
  readonly preemptions: string;
  readonly rejections: string;
  /** Series of histograms, seconds. */
  readonly latencyBucket: string;
  readonly latencyCount: string;
  readonly firstTokenBucket: string;
}

/** One inference engine: what its pod runs, and what others may rely on. */
export interface Engine {
  /** Value of the label `app.kubernetes.io/name` of its pods. */
  readonly id: string;
  /**
   * How far it can be relied on. `supported`: every name is held against a contract read in its sources;
   * `experimental`: declared, not verified; `simulation`: serves no model, for local clusters alone.
   */
  readonly support: "supported" | "experimental" | "simulation";
  /** What its release takes and exports; `undefined` where its sources could not be read. */
  readonly contract: EngineContract | undefined;
  /** Container's command: the engine alone, without a shell. */
  readonly command: (args: EngineArgs) => string[];
  /** Container's environment; the key comes from the named Secret alone. */
  readonly environment: (apiKeySecret: string) => EngineVariable[];
  /** The `model` field of requests that it answers, and the `model_name` label of its metrics. */
  readonly modelName: (args: Pick<EngineArgs, "servedName" | "weightsPath">) => string;
  /** Whether it keeps beginnings of prompts whatever its command line says. */
  readonly alwaysKeepsPrefixes: boolean;
  /** Flags that a stack may add through `extraArgs`. */
  readonly tunableFlags: ReadonlySet<string>;
  /** How a dead engine is found: by a request for one token, or by its health page alone. */
  readonly liveness: "one-token" | "health";
  /** Path that answers 200 while the server is up. */
  readonly healthPath: string;
  /** `undefined` where nobody has read their names: then nothing asks for any. */
  readonly metrics: EngineMetrics | undefined;
  /** Seconds it may spend finishing requests after SIGTERM. */
  readonly drainSeconds: number;
}

/** Port on which every engine serves its API and its metrics. */
export const enginePort = 8000;

/** Where pods see the weights; one folder per model, mounted read-only. */
export const modelsMountPath = "/models";

/** Directory on the pod's own scratch volume; a random user id cannot write to the image's home. */
export const scratchMountPath = "/scratch";

/** Key of the Secret that holds the engine's API key. */
export const apiKeyField = "api-key";

/** Seconds an engine may spend finishing requests after SIGTERM. */
export const shutdownTimeoutSeconds = 45;
