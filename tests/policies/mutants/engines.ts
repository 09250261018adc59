import { type Resource } from "../../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import {
  added,
  digest,
  engine,
  engineMutant,
  enginePath,
  envMutant,
  type Mutant,
} from "./mutant.ts";

export const statistics: readonly Mutant[] = [
  engineMutant("A01", "no environment", [...engine, "env"], undefined, `${enginePath}.env`),
  envMutant(
    "A01",
    "switched on again",
    [{ name: "VLLM_NO_USAGE_STATS", value: "0" }],
    "env[4].value",
  ),
  envMutant(
    "A01",
    "value of another spelling",
    [{ name: "VLLM_NO_USAGE_STATS", value: "true" }],
    "env[4].value",
  ),
  envMutant(
    "A01",
    "value from elsewhere",
    [{ name: "VLLM_NO_USAGE_STATS", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }],
    "env[4].valueFrom",
  ),
  envMutant(
    "A01",
    "another server",
    [{ name: "VLLM_USAGE_STATS_SERVER", value: "https://x" }],
    "env[4].value",
  ),
  envMutant("A01", "variable of unknown name", [{ name: unknown, value: "0" }], "env[4].name"),
  engineMutant(
    "A01",
    "variables of a whole ConfigMap",
    [...engine, "envFrom"],
    [{ configMapRef: { name: "more" } }],
    `${enginePath}.envFrom[0]`,
  ),
  engineMutant(
    "A01",
    "variable set on the command line",
    [...engine, "command"],
    ["env", "VLLM_NO_USAGE_STATS=0", "vllm", "serve", "/models/llama"],
    `${enginePath}.command`,
  ),
  added(
    "A01",
    "engine that is known by its GPU alone",
    gpuPod({
      name: "x",
      image: `registry.internal/llm/x@${digest}`,
      resources: { limits: { "nvidia.com/gpu": 1 } },
    }),
    "Pod inference/gpu",
    "spec.containers[0].env",
  ),
  added(
    "A01",
    "container whose image is unknown",
    gpuPod({ name: "x", image: unknown }),
    "Pod inference/gpu",
    "spec.containers[0].env",
  ),
];

function gpuPod(container: ValueObject): Resource {
  return kube("core/v1:Pod", "gpu", "inference", { spec: { containers: [container] } });
}

function commandMutant(title: string, command: Value, path: string): Mutant {
  return engineMutant("A02", title, [...engine, "command"], command, `${enginePath}.${path}`);
}

export const artefacts: readonly Mutant[] = [
  envMutant("A02", "hub asked", [{ name: "HF_HUB_OFFLINE", value: "0" }], "env[4].value"),
  envMutant("A02", "other hub", [{ name: "VLLM_USE_MODELSCOPE", value: "True" }], "env[4].value"),
  envMutant(
    "A02",
    "kernels fetched",
    [{ name: "VLLM_USE_FLASHINFER_SAMPLER", value: "1" }],
    "env[4].value",
  ),
  commandMutant("hub id as model", ["vllm", "serve", "meta-llama/Llama-3-70B"], "command[2]"),
  commandMutant("bucket as model", ["vllm", "serve", "s3://bucket/llama"], "command[2]"),
  commandMutant("no model", ["vllm", "serve", "--port=8000"], "args"),
  commandMutant(
    "second model by flag",
    ["vllm", "serve", "/models/llama", "--model=org/name"],
    "command[3]",
  ),
  commandMutant(
    "flag with an underscore",
    ["vllm", "serve", "/m", "--hf_config_path", "org/name"],
    "command[4]",
  ),
  commandMutant(
    "tokenizer from a hub",
    ["vllm", "serve", "/models/llama", "--tokenizer", "org/name"],
    "command[4]",
  ),
  commandMutant("model inside a shell script", ["sh", "-c", "vllm serve org/name"], "command[2]"),
  commandMutant("unknown model", ["vllm", "serve", unknown], "command[2]"),
];
