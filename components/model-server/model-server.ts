import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { GpuNodes } from "../cluster/gpu-cluster.ts";
import { apiKeyField, enginePort } from "../engines/engine.ts";
import { type EngineName, engines } from "../engines/engines.ts";
import { customResource } from "../lib/custom-resource.ts";
import { selectorLabels, type WorkloadLabels, workloadLabels } from "../lib/labels.ts";
import type { CachePrecision } from "../lib/models/precision.ts";
import type { Manifest } from "../lib/weights/manifest.ts";
import { manifestMap, manifestMapName } from "../lib/weights/manifest-map.ts";
import { type Autoscaling, type ScaledObject, scaledObjectSpec } from "./autoscaling.ts";
import { engineDeployment, podLabels, rolloutSeconds } from "./deployment.ts";
import { weightsVolumeGib } from "./weights-volume.ts";

export interface ModelServerArgs {
  /** Namespace of inference; made by Isolation, so pods start under its default deny. */
  readonly namespace: string;
  /** Public model name that clients send. */
  readonly servedName: string;
  readonly engine: EngineName;
  /** Words that the stack adds to the engine's command line, as the configuration accepted them. */
  readonly extraArgs: readonly string[];
  /** Engine image by digest, from the registry inside. */
  readonly image: string;
  /** Version of the engine in the image, such as `0.33.0`. */
  readonly engineVersion: string;
  /** Where KEDA decides, what holds while it knows nothing of the queue. */
  readonly replicas: number;
  /** @default - `replicas` run, no more and no fewer */
  readonly autoscaling?: Autoscaling;
  /** GPUs of one replica; also the tensor-parallel degree. */
  readonly gpus: number;
  /** Longest sequence, prompt and answer together, tokens. */
  readonly contextTokens: number;
  /** How the KV cache is stored. */
  readonly cachePrecision: CachePrecision;
  /** Whether the engine keeps beginnings of prompts. */
  readonly prefixCache: boolean;
  /** Parser of the model's calls of tools, where it makes any. */
  readonly toolParser: string | undefined;
  /** Size of the weights, GB; sets the start-up budget and the size of a volume of its own. */
  readonly weightsGb: number;
  /** Folder of this model on its volume: `<name>/<revision>`. */
  readonly weightsPath: string;
  /** @default - the engine reads none, as the simulator */
  readonly weights?: ServedWeights;
  /** PriorityClass of the pods; made once for all models. */
  readonly priorityClass: string;
  readonly nodes: GpuNodes;
}

/** Where a model's weights lie, and what they must be. */
export interface ServedWeights {
  /** A claim that exists, or a class for a claim of the model's own, which the site fills by its own means. */
  readonly volume: { readonly claim: string } | { readonly storageClass: string };
  readonly manifest: Manifest;
  /** Image of the verifier by digest, from the registry inside. */
  readonly verifierImage: string;
}

/** One model behind an OpenAI-compatible endpoint, reachable only from the named callers in the cluster. */
export class ModelServer extends pulumi.ComponentResource {
  /** Base URL of the API inside the cluster. */
  readonly endpoint: string;
  /** The `model` field of requests that the engine answers. */
  readonly modelName: string;
  /** Labels that select the engine's pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Name within the stack, which all its objects carry. */
  readonly name: string;
  /** Every label of the engine's pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Secret that holds the engine's API key. */
  readonly apiKeySecret: string;
  /** That key, for the gateway's own copy of it. */
  readonly apiKey: pulumi.Output<string>;

  constructor(name: string, args: ModelServerArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:serving:ModelServer", name, args, opts);
    const labels = workloadLabels(engines[args.engine].id, name);
    const inside = { namespace: args.namespace, labels: { ...labels } };
    this.name = name;
    this.modelName = engines[args.engine].modelName(args);
    this.podLabels = podLabels(labels, args.engineVersion);
    this.selector = selectorLabels(labels);
    this.apiKeySecret = `${name}-api-key`;
    this.endpoint = `http://${name}.${args.namespace}.svc:${enginePort}/v1`;

    const apiKey = new random.RandomPassword(
      `${name}-api-key`,
      { length: 48, special: false },
      { parent: this },
    );
    this.apiKey = apiKey.result;
    const secret = new k8s.core.v1.Secret(
      `${name}-api-key`,
      {
        metadata: { name: this.apiKeySecret, ...inside },
        stringData: { [apiKeyField]: apiKey.result },
      },
      { parent: this },
    );
    const account = new k8s.core.v1.ServiceAccount(
      name,
      { metadata: { name, ...inside }, automountServiceAccountToken: false },
      { parent: this },
    );
    const weights =
      args.weights === undefined ? [] : this.weights(name, args, args.weights, labels);
    const deployment = new k8s.apps.v1.Deployment(
      name,
      engineDeployment(name, args.namespace, podArgs(name, args, this.apiKeySecret), labels),
      {
        parent: this,
        dependsOn: [secret, account, ...weights],
        ...(args.autoscaling === undefined ? {} : { ignoreChanges: ["spec.replicas"] }),
        customTimeouts: { create: `${rolloutSeconds(args)}s`, update: `${rolloutSeconds(args)}s` },
      },
    );
    if (args.autoscaling !== undefined) {
      const { engine, replicas, autoscaling } = args;
      const { metrics } = engines[engine];
      if (metrics === undefined)
        throw new Error(`no metric says how many requests ${engine} holds`);
      customResource<ScaledObject>(
        name,
        { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" },
        {
          metadata: { name, ...inside },
          spec: scaledObjectSpec(name, this.modelName, metrics, replicas, autoscaling),
        },
        { parent: this, dependsOn: [deployment] },
      );
    }
    new k8s.core.v1.Service(name, engineService(name, inside, this.selector), { parent: this });
    new k8s.policy.v1.PodDisruptionBudget(
      name,
      {
        metadata: { name, ...inside },
        spec: { maxUnavailable: 1, selector: engineOnly(this.selector) },
      },
      { parent: this },
    );
    this.registerOutputs({ endpoint: this.endpoint, apiKeySecret: this.apiKeySecret });
  }

  /** The manifest that the engine's pod verifies by, and a claim where no other holds the weights. */
  private weights(
    name: string,
    args: ModelServerArgs,
    { manifest, volume }: ServedWeights,
    labels: WorkloadLabels,
  ): pulumi.Resource[] {
    const map = new k8s.core.v1.ConfigMap(
      `${name}-manifest`,
      manifestMap(name, args.namespace, labels, manifest),
      { parent: this },
    );
    if ("claim" in volume) return [map];
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-weights`,
      weightsClaim(name, args, volume.storageClass, labels),
      // Staging 140 GB again takes hours; a volume that holds something outlives a mistaken destroy.
      { parent: this, protect: !args.nodes.simulated, retainOnDelete: !args.nodes.simulated },
    );
    return [map, claim];
  }
}

/** Without pods of Jobs, such as a probe with the same labels: a budget with one of those allows no eviction. */
function engineOnly(matchLabels: Readonly<Record<string, string>>) {
  return {
    matchLabels,
    matchExpressions: [{ key: "batch.kubernetes.io/job-name", operator: "DoesNotExist" }],
  };
}

function podArgs(name: string, args: ModelServerArgs, apiKeySecret: string) {
  const { weights, ...rest } = args;
  return {
    ...rest,
    serviceAccount: name,
    apiKeySecret,
    ...(weights === undefined ? {} : { weights: engineWeights(name, weights) }),
  };
}

function engineWeights(name: string, { manifest, volume, verifierImage }: ServedWeights) {
  const claim = "claim" in volume ? volume.claim : `${name}-weights`;
  return { claim, manifestMap: manifestMapName(name, manifest), verifierImage };
}

function weightsClaim(
  name: string,
  args: ModelServerArgs,
  storageClassName: string,
  labels: WorkloadLabels,
): k8s.core.v1.PersistentVolumeClaimArgs {
  const gib = weightsVolumeGib(args.weightsGb);
  return {
    metadata: {
      name: `${name}-weights`,
      namespace: args.namespace,
      labels: { ...labels },
      // Some provisioners bind only when a pod comes; the engine comes after the weights are staged.
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      accessModes: ["ReadWriteMany"],
      storageClassName,
      resources: { requests: { storage: `${gib}Gi` } },
    },
  };
}

function engineService(
  name: string,
  inside: { readonly namespace: string; readonly labels: Record<string, string> },
  selector: Readonly<Record<string, string>>,
): k8s.core.v1.ServiceArgs {
  return {
    metadata: { name, ...inside },
    spec: {
      type: "ClusterIP",
      selector,
      ports: [{ name: "http", port: enginePort, targetPort: "http", protocol: "TCP" }],
    },
  };
}
