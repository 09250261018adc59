import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Access } from "../components/access/access.ts";
import type { GpuCluster } from "../components/cluster/gpu-cluster.ts";
import { enginePort } from "../components/engines/engine.ts";
import { GpuOperator } from "../components/gpu-operator/gpu-operator.ts";
import { EgressProbe } from "../components/isolation/egress-probe.ts";
import type { InfrastructureParts } from "../components/isolation/infrastructure-policies.ts";
import { type IsolatedNamespace, Isolation } from "../components/isolation/isolation.ts";
import type { ChartSource } from "../components/lib/charts.ts";
import { mirroredImage, type PinnedImage } from "../components/lib/images.ts";
import { servedCheckpoint } from "../components/lib/models/checkpoint.ts";
import { probeControlNamespace } from "../components/lib/stack/namespaces.ts";
import { rolloutEffect } from "../components/model-server/deployment.ts";
import { ModelServer } from "../components/model-server/model-server.ts";
import { modelPriority, priorityName } from "../components/model-server/priority.ts";
import { Monitoring, type MonitoringKind } from "../components/monitoring/monitoring.ts";
import { admissionSet } from "../policies/admission/admission-set.ts";
import { settingsOf } from "../policies/settings/stack-settings.ts";
import { autoscalingOf } from "./config/autoscaling.ts";
import type { PlatformConfig } from "./config/platform.ts";
import { connect } from "./connect.ts";
import { edgesOf } from "./edges.ts";
import { deployGateway, monitoredGateway } from "./gateway.ts";
import { type Lock, pinnedImages, pinnedRevision } from "./lock.ts";
import type { PlatformOutputs } from "./outputs.ts";
import { charts, engineImages, type ImageName } from "./versions.ts";
import { manifestsIn, servedWeights, stageWeights } from "./weights.ts";
import type { WeightsLock } from "./weights-lock.ts";

type Images = Readonly<Record<ImageName, PinnedImage>>;

/** The platform layer: walls first, then what runs behind them. */
export function deployPlatform(
  stack: PlatformConfig,
  lock: Lock,
  weightsLock: WeightsLock,
): PlatformOutputs {
  const images = pinnedImages(lock);
  const { cluster, capacity } = connect(stack);
  const opts = {
    providers: [cluster.provider, new random.Provider("random")],
  } satisfies pulumi.ComponentResourceOptions;

  const isolation = new Isolation(
    "isolation",
    {
      namespaces: namespaces(stack),
      edges: edgesOf(stack),
      admission: admissionSet(settingsOf(stack)),
      ...infrastructure(stack),
    },
    opts,
  );
  const behindWalls = { ...opts, dependsOn: [...isolation.guards, ...capacity] };

  new Access(
    "access",
    { namespaces: ownedNamespaces(stack), groups: stack.access },
    { ...opts, dependsOn: [...isolation.guards] },
  );
  if (stack.gpuOperator.kind === "chart") {
    new GpuOperator(
      "gpu-operator",
      {
        namespace: stack.namespaces.gpuOperator,
        chart: charts.gpuOperator,
        source: chartSource(stack),
        images,
        registry: stack.registry,
        driver: stack.gpuOperator.driver,
        ...packageSources(stack.gpuOperator),
      },
      behindWalls,
    );
  }
  const priority = new k8s.scheduling.v1.PriorityClass(
    "models",
    modelPriority(stack.namespaces.inference),
    { provider: cluster.provider },
  );
  const manifestOf = manifestsIn(lock, weightsLock);
  const staged = stageWeights(stack, cluster, manifestOf, images, behindWalls);
  const servers = stack.models.map((model) => {
    const { repository, folder, weightsGb } = servedCheckpoint(model);
    const revision = pinnedRevision(lock, repository);
    const image = images[engineImages[model.engine]];
    const server = new ModelServer(
      model.name,
      {
        namespace: stack.namespaces.inference,
        servedName: model.name,
        engine: model.engine,
        extraArgs: model.extraArgs,
        image: mirroredImage(image, stack.registry),
        engineVersion: image.tag.replace(/^v/, ""),
        replicas: model.replicas,
        ...autoscalingOf(model, stack),
        gpus: model.gpus,
        contextTokens: model.contextTokens,
        cachePrecision: model.cachePrecision,
        prefixCache: model.prefixCache,
        toolParser: model.model.toolParser,
        weightsGb,
        weightsPath: `${folder}/${revision}`,
        ...servedWeights(model, stack, cluster, manifestOf, images),
        priorityClass: priorityName(stack.namespaces.inference),
        nodes: cluster.gpuNodes,
      },
      { ...behindWalls, dependsOn: [...behindWalls.dependsOn, priority, ...staged] },
    );
    return { model, server };
  });
  const endpoints = deployGateway(stack, cluster, servers, images, behindWalls);
  new Monitoring(
    "monitoring",
    {
      monitoring: monitoringKind(stack, images),
      models: servers.map(({ model, server }) => ({
        name: model.name,
        servedName: server.modelName,
        engine: model.engine,
        namespace: stack.namespaces.inference,
        selector: server.selector,
      })),
      ...monitoredGateway(stack),
    },
    behindWalls,
  );
  probe(
    stack,
    cluster,
    servers.map(({ server }) => server),
    images,
    behindWalls,
  );
  return {
    simulated: cluster.gpuNodes.simulated,
    models: servers.map(({ model, server }) => ({
      name: model.name,
      endpoint: server.endpoint,
      apiKeySecret: `${stack.namespaces.inference}/${server.apiKeySecret}`,
      gpus: model.gpus,
      replicas: model.replicas,
      rollout: rolloutEffect(model.autoscaling?.minReplicas ?? model.replicas),
    })),
    gateway: endpoints,
  };
}

/** The run-time proof of the walls, where the stack asks for it. */
function probe(
  stack: PlatformConfig,
  cluster: GpuCluster,
  servers: readonly ModelServer[],
  images: Images,
  opts: pulumi.ComponentResourceOptions,
): void {
  if (stack.probe === undefined) return;
  const { schedule, ...settings } = stack.probe;
  new EgressProbe(
    "egress-probe",
    {
      namespace: stack.namespaces.inference,
      controlNamespace: probeControlNamespace,
      image: mirroredImage(images.egressProbe, stack.registry),
      digest: images.egressProbe.digest,
      subjects: servers.map(({ name, podLabels }) => ({
        name,
        labels: podLabels,
        port: enginePort,
      })),
      nodes: cluster.gpuNodes,
      settings,
      cniProfile: cluster.network.cni,
      ...(schedule === undefined ? {} : { schedule }),
    },
    opts,
  );
}

/** Namespaces this stack owns. Drivers and node metrics need the host; nothing else does. */
function namespaces(stack: PlatformConfig): IsolatedNamespace[] {
  const closed = { podSecurity: "restricted", denyByDefault: true } as const;
  // Without a policy nothing of it would work anyway where the plugin denies by default.
  const open = { podSecurity: "privileged", denyByDefault: deniesByDefault(stack) } as const;
  const { inference, gateway, monitoring, gpuOperator } = stack.namespaces;
  return [
    // The one plugin among those known here that enforces ClusterNetworkPolicy.
    { name: inference, ...closed, adminGuard: stack.cluster.network.cni === "calico" },
    { name: gateway, ...closed },
    ...(stack.monitoring.kind === "chart" ? [{ name: monitoring, ...open }] : []),
    ...(stack.gpuOperator.kind === "chart" ? [{ name: gpuOperator, ...open }] : []),
    ...(stack.weights.source === undefined ? [] : [{ name: stack.namespaces.weights, ...closed }]),
    ...(stack.probe === undefined
      ? []
      : [
          { name: probeControlNamespace, podSecurity: "restricted", denyByDefault: false } as const,
        ]),
  ];
}

function packageSources({ packageSources: files }: { packageSources?: Record<string, string> }) {
  return files === undefined ? {} : { packageSources: files };
}

function ownedNamespaces(stack: PlatformConfig) {
  const { inference, gateway, monitoring } = stack.namespaces;
  return { inference, gateway, ...(stack.monitoring.kind === "chart" ? { monitoring } : {}) };
}

/** Whether the network plugin leaves a pod that no policy selects without any connection. */
function deniesByDefault({ cluster }: PlatformConfig): boolean {
  return cluster.network.cni === "vpc-cni-strict";
}

/** What this stack deploys beside the models, where that needs policies of its own. */
function infrastructure(stack: PlatformConfig): { infrastructure?: InfrastructureParts } {
  if (!deniesByDefault(stack)) return {};
  const { nodeCidr, serviceCidr } = stack.cluster.network;
  const { monitoring, gpuOperator } = stack.namespaces;
  return {
    infrastructure: {
      nodeCidr,
      serviceCidr,
      ...(stack.monitoring.kind === "chart" ? { monitoring } : {}),
      ...(stack.gpuOperator.kind === "chart" ? { gpuOperator } : {}),
    },
  };
}

function monitoringKind(stack: PlatformConfig, images: Images): MonitoringKind {
  if (stack.monitoring.kind === "existing" || stack.cluster.kind === "local") {
    const labels = stack.monitoring.kind === "existing" ? stack.monitoring.labels : undefined;
    return labels === undefined ? { kind: "existing" } : { kind: "existing", labels };
  }
  return {
    kind: "chart",
    namespace: stack.namespaces.monitoring,
    chart: charts.kubePrometheusStack,
    source: chartSource(stack),
    images,
    registry: stack.registry,
    storageClass: stack.cluster.storage.metricsClass,
  };
}

/** A folder of charts is named relative to the repository, while the engine runs in the folder of the entry. */
function chartSource(stack: PlatformConfig): ChartSource {
  if (stack.charts.kind !== "directory") return stack.charts;
  return { kind: "directory", path: path.resolve(import.meta.dirname, "..", stack.charts.path) };
}
