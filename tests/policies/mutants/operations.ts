import { oneTokenCommand } from "../../../components/lib/one-token-probe.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { changed, goodResources, kube } from "../good-graph.ts";
import { engine, engineMutant, enginePath, type Mutant, podPath, template } from "./mutant.ts";

function serving(
  model: string,
  more: readonly string[] = ["--shutdown-timeout=45"],
): readonly string[] {
  return ["vllm", "serve", model, "--port=8000", ...more];
}

function startup(title: string, probe: Value | undefined, path = ""): Mutant {
  const at = `${enginePath}.startupProbe${path}`;
  return engineMutant("O01", title, [...engine, "startupProbe"], probe, at);
}

/** The good graph's budget of 300 s, for a model that is larger. */
function heavy(title: string, model: string): Mutant {
  const at = `${enginePath}.startupProbe`;
  return engineMutant("O01", title, [...engine, "command"], serving(model), at);
}

export const startups: readonly Mutant[] = [
  startup("no probe", undefined),
  startup("unknown probe", unknown),
  startup("probe with the numbers that Kubernetes assumes", {
    httpGet: { path: "/health", port: 8000 },
  }),
  startup("unknown number", { failureThreshold: unknown }, ".failureThreshold"),
  startup("number as text", { periodSeconds: "10" }, ".periodSeconds"),
  heavy("model of 405 billion parameters", "/models/Llama-3.1-405B-Instruct/main"),
  heavy("mixture of experts", "/models/Mixtral-8x22B-v0.1"),
];

function shutdown(
  title: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  at: string,
): Mutant {
  return engineMutant("O02", title, path, value, at);
}

const command = [...engine, "command"];
const grace = [...template, "terminationGracePeriodSeconds"];
const preStop = [...engine, "lifecycle", "preStop"];
const preStopPath = `${enginePath}.lifecycle.preStop`;

export const shutdowns: readonly Mutant[] = [
  shutdown("no drain", command, serving("/models/llama", []), `${enginePath}.command`),
  shutdown(
    "drain of nothing",
    command,
    serving("/models/llama", ["--shutdown-timeout", "0"]),
    `${enginePath}.command`,
  ),
  shutdown(
    "drain that a later flag takes back",
    command,
    serving("/models/llama", ["--shutdown-timeout=45", "--shutdown_timeout=0"]),
    `${enginePath}.command`,
  ),
  shutdown(
    "pod that dies before the drain ends",
    grace,
    60,
    `${podPath}.terminationGracePeriodSeconds`,
  ),
  shutdown("default life of a pod", grace, undefined, `${podPath}.terminationGracePeriodSeconds`),
  shutdown("unknown life of a pod", grace, unknown, `${podPath}.terminationGracePeriodSeconds`),
  shutdown(
    "hook that eats the drain",
    preStop,
    { exec: { command: ["/bin/sleep", "40s"] } },
    `${podPath}.terminationGracePeriodSeconds`,
  ),
  shutdown(
    "hook of unknown length",
    preStop,
    { exec: { command: ["/app/drain"] } },
    `${preStopPath}.exec.command`,
  ),
];

const strategy = ["spec", "strategy"];

function rollout(title: string, value: Value | undefined, path: string): Mutant {
  return engineMutant("O03", title, strategy, value, `spec.strategy.${path}`);
}

export const rollouts: readonly Mutant[] = [
  rollout("no strategy", undefined, "rollingUpdate.maxSurge"),
  rollout("default surge", { rollingUpdate: { maxUnavailable: 1 } }, "rollingUpdate.maxSurge"),
  rollout(
    "surge in percent",
    { rollingUpdate: { maxSurge: "10%", maxUnavailable: 0 } },
    "rollingUpdate.maxSurge",
  ),
  rollout(
    "neither more nor fewer",
    { rollingUpdate: { maxSurge: "0%", maxUnavailable: 0 } },
    "rollingUpdate.maxUnavailable",
  ),
  rollout("unknown surge", { rollingUpdate: { maxSurge: unknown } }, "rollingUpdate.maxSurge"),
  {
    rule: "O03",
    title: "old and new replicas side by side",
    resources: asRollout({ blueGreen: {} }),
    object: "Rollout inference/llama",
    path: "spec.strategy.blueGreen",
  },
];

function asRollout(strategyOf: ValueObject): readonly Resource[] {
  return changed("Deployment/llama", strategy, strategyOf).map((each) =>
    each.type.endsWith(":Deployment") && each.name === "llama"
      ? { ...each, type: "kubernetes:argoproj.io/v1alpha1:Rollout" }
      : each,
  );
}

const limit = [...engine, "resources", "limits", "memory"];
const limitPath = `${enginePath}.resources.limits.memory`;

function memory(
  title: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  at: string,
): Mutant {
  return engineMutant("O04", title, path, value, at);
}

export const sharedMemory: readonly Mutant[] = [
  memory(
    "no shared memory",
    [...engine, "volumeMounts"],
    [{ name: "tmp", mountPath: "/tmp" }],
    `${enginePath}.volumeMounts`,
  ),
  memory(
    "shared memory on disk",
    [...template, "volumes", 1, "emptyDir"],
    {},
    `${podPath}.volumes[1].emptyDir.medium`,
  ),
  memory(
    "shared memory of any size",
    [...template, "volumes", 1, "emptyDir"],
    { medium: "Memory" },
    `${podPath}.volumes[1].emptyDir.sizeLimit`,
  ),
  memory("limit that the volumes alone use up", limit, "24Gi", limitPath),
  memory("limit in another unit", limit, "1e9", limitPath),
  memory("no limit", limit, undefined, limitPath),
  memory("unknown limit", limit, unknown, limitPath),
];

function liveness(title: string, probe: Value | undefined, path = ""): Mutant {
  const at = `${enginePath}.livenessProbe${path}`;
  return engineMutant("O05", title, [...engine, "livenessProbe"], probe, at);
}

function ownCheck(timeoutSeconds: number | undefined): Value {
  const exec = { command: oneTokenCommand({ servedName: "llama", port: 8000 }) };
  return { exec, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
}

export const livenesses: readonly Mutant[] = [
  liveness("no probe", undefined),
  liveness("health page", { httpGet: { path: "/health", port: 8000 } }),
  liveness("open port", { tcpSocket: { port: 8000 } }),
  liveness("unknown command", { exec: { command: unknown } }, ".exec.command"),
  liveness("own check that the kubelet cuts off", ownCheck(undefined), ".timeoutSeconds"),
  liveness("own check cut off before it looks at tokens", ownCheck(110), ".timeoutSeconds"),
];

function budget(title: string, path: readonly string[], value: Value | undefined): Mutant {
  const resources = changed("PodDisruptionBudget/llama", path, value);
  return {
    rule: "O06",
    title,
    resources,
    object: "Deployment inference/llama",
    path: "spec.replicas",
  };
}

export const budgets: readonly Mutant[] = [
  {
    rule: "O06",
    title: "no budget",
    resources: goodResources.filter((each) => !each.type.endsWith(":PodDisruptionBudget")),
    object: "Deployment inference/llama",
    path: "spec.replicas",
  },
  {
    rule: "O06",
    title: "no budget where an autoscaler decides how many run",
    resources: [
      ...changed("Deployment/llama", ["spec", "replicas"], undefined).filter(
        (each) => !each.type.endsWith(":PodDisruptionBudget"),
      ),
      kube("keda.sh/v1alpha1:ScaledObject", "llama", "inference", {
        apiVersion: "keda.sh/v1alpha1",
        kind: "ScaledObject",
        spec: { scaleTargetRef: { name: "llama" }, minReplicaCount: 1, maxReplicaCount: 2 },
      }),
    ],
    object: "Deployment inference/llama",
    path: "spec.replicas",
  },
  budget("budget of other pods", ["spec", "selector", "matchLabels", "app"], "proxy"),
  budget("budget in another namespace", ["metadata", "namespace"], "gateway"),
  budget("budget that lets all go", ["spec", "maxUnavailable"], "100%"),
  budget("budget that says nothing", ["spec", "maxUnavailable"], undefined),
  budget("unknown budget", ["spec"], unknown),
  budget("budget by an expression that excludes the pods", ["spec", "selector"], {
    matchExpressions: [{ key: "app", operator: "NotIn", values: ["llama"] }],
  }),
];
