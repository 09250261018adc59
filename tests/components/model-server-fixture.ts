import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import type { Manifest } from "../../components/lib/weights/manifest.ts";
import { ModelServer, type ModelServerArgs } from "../../components/model-server/model-server.ts";
import { one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at, list, text } from "./lib/look.ts";

export const image = `registry.example.internal/docker.io/vllm/vllm-openai@sha256:${"ab".repeat(32)}`;

export const verifierImage = `registry.example.internal/private-llm/weights@sha256:${"cd".repeat(32)}`;

export const manifest: Manifest = {
  schema: 1,
  repository: "meta-llama/Meta-Llama-3-70B-Instruct",
  revision: "0123456789".repeat(4),
  licence: "Meta Llama 3 Community License",
  quantisation: "bf16",
  chatTemplate: null,
  files: [{ path: "config.json", bytes: 11, sha256: "ef".repeat(32) }],
};

export const args: ModelServerArgs = {
  namespace: "inference",
  servedName: "llama-public",
  engine: "vllm",
  extraArgs: [],
  image,
  engineVersion: "0.33.0",
  replicas: 2,
  gpus: 4,
  contextTokens: 8192,
  cachePrecision: "bf16",
  prefixCache: false,
  toolParser: undefined,
  weightsGb: 141.1,
  weightsPath: "llama-3-70b-instruct/0123abc",
  weights: { volume: { storageClass: "weights" }, manifest, verifierImage },
  priorityClass: "private-llm-inference",
  nodes: {
    gpu: "a100-sxm-80gb",
    gpusPerNode: 8,
    count: 2,
    selector: { "private-llm/pool": "gpu" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    simulated: false,
  },
};

/** A program with one model server; `change` replaces arguments of the fixture. */
export function program(change: Partial<ModelServerArgs> = {}) {
  return () => {
    const providers = [new k8s.Provider("site", {}), new random.Provider("random")];
    const server = new ModelServer("llama", { ...args, ...change }, { providers });
    return {
      endpoint: server.endpoint,
      selector: server.selector,
      apiKeySecret: server.apiKeySecret,
    };
  };
}

export const deployment = async (change: Partial<ModelServerArgs> = {}) =>
  one(await deploy(program(change)), "Deployment");

export async function pod(change: Partial<ModelServerArgs> = {}): Promise<unknown> {
  return at((await deployment(change)).inputs, "spec", "template", "spec");
}

export async function container(change: Partial<ModelServerArgs> = {}): Promise<unknown> {
  const [engine, ...others] = list(await pod(change), "containers");
  if (others.length > 0) throw new Error("the pod has more than one container");
  return engine;
}

export async function command(change: Partial<ModelServerArgs> = {}): Promise<string[]> {
  return list(await container(change), "command").map((word) => text(word));
}

/** Value of a flag that is written `--name=value`. */
export function flag(words: readonly string[], name: string): string {
  const found = words.find((word) => word.startsWith(`--${name}=`));
  if (found === undefined) throw new Error(`no --${name} in ${words.join(" ")}`);
  return found.slice(name.length + 3);
}
