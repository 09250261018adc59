import type * as pulumi from "@pulumi/pulumi";
import type { GpuCluster } from "../components/cluster/gpu-cluster.ts";
import { readsWeights } from "../components/engines/engines.ts";
import { mirroredImage, type PinnedImage } from "../components/lib/images.ts";
import { servedCheckpoint } from "../components/lib/models/checkpoint.ts";
import type { Manifest } from "../components/lib/weights/manifest.ts";
import type { ServedWeights } from "../components/model-server/model-server.ts";
import {
  type Checkpoint,
  ModelWeights,
  servingClaim,
} from "../components/model-weights/model-weights.ts";
import type { ModelConfig } from "./config/models.ts";
import type { PlatformCluster, PlatformConfig } from "./config/platform.ts";
import { type Lock, pinnedRevision } from "./lock.ts";
import type { ImageName } from "./versions.ts";
import { pinnedManifest, type WeightsLock } from "./weights-lock.ts";

type Images = Readonly<Record<ImageName, PinnedImage>>;

/** What the weights of a model have to consist of. @throws LockFileError where a lock holds none */
type ManifestOf = (model: ModelConfig) => Manifest;

export function manifestsIn(lock: Lock, weightsLock: WeightsLock): ManifestOf {
  return (model) => {
    const { repository } = servedCheckpoint(model);
    return pinnedManifest(repository, pinnedRevision(lock, repository), weightsLock);
  };
}

/** Weights onto the volume of the stack, where it names one. Models wait for what is returned. */
export function stageWeights(
  stack: PlatformConfig,
  cluster: GpuCluster,
  manifestOf: ManifestOf,
  images: Images,
  opts: pulumi.ComponentResourceOptions,
): readonly pulumi.Resource[] {
  const { source, volume } = stack.weights;
  if (source === undefined || volume.kind === "class") return [];
  const { staged } = new ModelWeights(
    "weights",
    {
      namespace: stack.namespaces.weights,
      inference: stack.namespaces.inference,
      image: mirroredImage(images.weights, stack.registry),
      source,
      volume,
      checkpoints: checkpointsOf(stack, manifestOf),
      nodes: cluster.gpuNodes,
      hosts: gpuHosts(stack.cluster),
    },
    opts,
  );
  return staged;
}

/** What a model opens, where it opens weights at all. */
export function servedWeights(
  model: ModelConfig,
  { weights, registry }: PlatformConfig,
  { storage }: GpuCluster,
  manifestOf: ManifestOf,
  images: Images,
): { readonly weights?: ServedWeights } {
  if (!readsWeights(model.engine)) return {};
  return {
    weights: {
      volume:
        weights.volume.kind === "class"
          ? { storageClass: storage.weightsClass }
          : { claim: servingClaim },
      manifest: manifestOf(model),
      verifierImage: mirroredImage(images.weights, registry),
    },
  };
}

/** One checkpoint that several models serve is staged once. */
function checkpointsOf({ models }: PlatformConfig, manifestOf: ManifestOf): Checkpoint[] {
  const byFolder = new Map(
    models
      .filter(({ engine }) => readsWeights(engine))
      .map((model): [string, Checkpoint] => {
        const { folder, weightsGb } = servedCheckpoint(model);
        const name = folder.replaceAll(".", "-");
        return [folder, { name, folder, manifest: manifestOf(model), weightsGb }];
      }),
  );
  return [...byFolder.values()];
}

function gpuHosts(cluster: PlatformCluster): string[] {
  if (cluster.kind !== "bare-metal") return [];
  return cluster.hosts.flatMap(({ role, name }) => (role === "gpu" ? [name] : []));
}
