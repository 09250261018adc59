import type * as k8s from "@pulumi/kubernetes";
import type { GpuNodes } from "../cluster/gpu-cluster.ts";
import {
  type EngineArgs,
  enginePort,
  modelsMountPath,
  scratchMountPath,
} from "../engines/engine.ts";
import { type EngineName, engines } from "../engines/engines.ts";
import { selectorLabels, versionLabel, type WorkloadLabels } from "../lib/labels.ts";
import { startupBudgetSeconds } from "../lib/start-up.ts";
import { verifySeconds } from "../lib/weights/times.ts";
import { manifestMountPath, verifierArgs, verifierName } from "../lib/weights/verifier.ts";
import type { Autoscaling } from "./autoscaling.ts";
import { engineProbes } from "./probes.ts";

/** What an engine loads, and what it is held against first. */
export interface EngineWeights {
  readonly claim: string;
  /** ConfigMap with the manifest. */
  readonly manifestMap: string;
  /** Image of the verifier by digest, from the registry inside. */
  readonly verifierImage: string;
}

/** What the pod of a model needs to know; plain values, since each decides the shape. */
export interface EnginePodArgs extends EngineArgs {
  readonly engine: EngineName;
  readonly image: string;
  readonly engineVersion: string;
  readonly replicas: number;
  /** @default - `replicas` run, no more and no fewer */
  readonly autoscaling?: Pick<Autoscaling, "maxReplicas">;
  readonly weightsGb: number;
  /** @default - the engine reads none */
  readonly weights?: EngineWeights;
  readonly serviceAccount: string;
  readonly priorityClass: string;
  readonly apiKeySecret: string;
  readonly nodes: GpuNodes;
}

/** Seconds an endpoint may linger in gateways after its pod began to stop. */
const preStopSeconds = 15;

/** Longer than preStop and drain together, or the kubelet kills requests in flight. */
function gracePeriodSeconds(engine: EngineName): number {
  return preStopSeconds + engines[engine].drainSeconds + 15;
}

/** Being scheduled and pulling an image of many gigabytes, seconds; comes before the engine's start. */
const placementSeconds = 900;

/** Host memory per GPU: room to stage one shard of the weights, page cache aside. */
const memoryGibPerGpu = 32;
const cpusPerGpu = 6;
/** NCCL's shared memory; the container default of 64 MiB makes tensor parallelism fail. */
const shmGib = 16;
const scratchGib = 8;
const temporaryGib = 1;

type Timed = { readonly weightsGb: number; readonly weights?: object };

/** Seconds until a new replica must be ready; the default of ten minutes gives a sound start up too early. */
function replicaSeconds({ weightsGb, weights }: Timed) {
  const verifying = weights === undefined ? 0 : verifySeconds(weightsGb);
  return placementSeconds + verifying + startupBudgetSeconds(weightsGb);
}

/** Seconds until a change must have reached all replicas, which roll one after the other. */
export function rolloutSeconds(
  args: Timed & Pick<EnginePodArgs, "engine" | "replicas" | "autoscaling">,
): number {
  return (
    (args.autoscaling?.maxReplicas ?? args.replicas) *
    (gracePeriodSeconds(args.engine) + replicaSeconds(args))
  );
}

/**
 * What a change of a model does to its callers. Where there is one replica it is gone before the next one has
 * loaded its weights; the GPUs for both at once are rarely there.
 */
export function rolloutEffect(replicas: number): "interrupts" | "serves on" {
  return replicas > 1 ? "serves on" : "interrupts";
}

/** Every label of an engine's pod. A digest does not say which version it is, and policies must know. */
export function podLabels(labels: WorkloadLabels, engineVersion: string): Record<string, string> {
  return { ...labels, ...versionLabel(engineVersion) };
}

/** The Deployment of one model. Rolls without spare GPUs: the old pod goes before the new one comes. */
export function engineDeployment(
  name: string,
  namespace: string,
  args: EnginePodArgs,
  labels: WorkloadLabels,
): k8s.apps.v1.DeploymentArgs {
  const versioned = podLabels(labels, args.engineVersion);
  return {
    metadata: { name, namespace, labels: versioned },
    spec: {
      // Two writers of one number would undo each other's work for ever.
      ...(args.autoscaling === undefined ? { replicas: args.replicas } : {}),
      progressDeadlineSeconds: replicaSeconds(args),
      selector: { matchLabels: selectorLabels(labels) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      template: { metadata: { labels: versioned }, spec: enginePod(args, labels) },
    },
  };
}

function enginePod(args: EnginePodArgs, labels: WorkloadLabels): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: args.serviceAccount,
    priorityClassName: args.priorityClass,
    automountServiceAccountToken: false,
    // Kubernetes would otherwise inject the address of every Service as variables, and the engine
    // refuses environment names it does not know.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: gracePeriodSeconds(args.engine),
    nodeSelector: { ...args.nodes.selector },
    tolerations: args.nodes.tolerations.map((toleration) => ({ ...toleration })),
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorLabels(labels) },
      },
    ],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 2000,
      runAsGroup: 2000,
      fsGroup: 2000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(args.weights === undefined ? {} : { initContainers: [verifier(args, args.weights)] }),
    containers: [engineContainer(args)],
    volumes: [
      ...(args.weights === undefined ? [] : [weightsVolume(args.weights)]),
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: `${shmGib}Gi` } },
      { name: "scratch", emptyDir: { medium: "Memory", sizeLimit: `${scratchGib}Gi` } },
      { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: `${temporaryGib}Gi` } },
      ...(args.weights === undefined ? [] : [manifestVolume(args.weights)]),
    ],
  };
}

function weightsVolume({ claim }: EngineWeights): k8s.types.input.core.v1.Volume {
  return { name: "models", persistentVolumeClaim: { claimName: claim, readOnly: true } };
}

function manifestVolume({ manifestMap }: EngineWeights): k8s.types.input.core.v1.Volume {
  return { name: "manifest", configMap: { name: manifestMap } };
}

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

const weightsMount = { name: "models", mountPath: modelsMountPath, readOnly: true };

/** Ends before the engine starts, so its resources are the engine's, which are more. */
function verifier(
  args: EnginePodArgs,
  { verifierImage }: EngineWeights,
): k8s.types.input.core.v1.Container {
  const resources = { cpu: "4", memory: "1Gi" };
  return {
    name: verifierName,
    image: verifierImage,
    imagePullPolicy: "IfNotPresent",
    args: verifierArgs(`${modelsMountPath}/${args.weightsPath}`),
    resources: { requests: resources, limits: resources },
    securityContext: restricted,
    volumeMounts: [
      weightsMount,
      { name: "manifest", mountPath: manifestMountPath, readOnly: true },
    ],
  };
}

function engineContainer(args: EnginePodArgs): k8s.types.input.core.v1.Container {
  const engine = engines[args.engine];
  const simulated = engine.support === "simulation";
  const resources = simulated ? simulatorResources() : engineResources(args.gpus);
  return {
    // What is no engine has another name, so that a stack has to allow it (W05).
    name: simulated ? "simulator" : "engine",
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    command: engine.command(args),
    env: engine.environment(args.apiKeySecret),
    ports: [{ name: "http", containerPort: enginePort, protocol: "TCP" }],
    resources: { requests: resources, limits: resources },
    lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
    securityContext: restricted,
    volumeMounts: [
      ...(args.weights === undefined ? [] : [weightsMount]),
      { name: "shm", mountPath: "/dev/shm" },
      { name: "scratch", mountPath: scratchMountPath },
      { name: "tmp", mountPath: "/tmp" },
    ],
    ...engineProbes(args.servedName, args.weightsGb),
    ...(engine.liveness === "health" ? { livenessProbe: healthProbe(engine.healthPath) } : {}),
  };
}

/** For an image without the interpreter that the one-token check needs. */
function healthProbe(path: string): k8s.types.input.core.v1.Probe {
  return { httpGet: { path, port: "http" }, periodSeconds: 60, failureThreshold: 5 };
}

/** It holds no GPU and reads no weights; the volumes in memory are limits that it never fills. */
function simulatorResources(): Record<string, string> {
  return { cpu: "1", memory: "2Gi" };
}

/** Requests equal limits; memory counts the volumes that live in memory. */
function engineResources(gpus: number): Record<string, string> {
  const memory = gpus * memoryGibPerGpu + shmGib + scratchGib + temporaryGib;
  return {
    cpu: String(gpus * cpusPerGpu),
    memory: `${memory}Gi`,
    "nvidia.com/gpu": String(gpus),
  };
}
