import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GpuNodes } from "../cluster/gpu-cluster.ts";
import { workloadLabels } from "../lib/labels.ts";
import type { StagedVolume, WeightsSource } from "../lib/stack/weights.ts";
import type { Manifest } from "../lib/weights/manifest.ts";
import { manifestMap, manifestMapName } from "../lib/weights/manifest-map.ts";
import { stagingSeconds } from "../lib/weights/times.ts";
import { weightsVolumeGib } from "../model-server/weights-volume.ts";
import { stagingName } from "./edges.ts";
import { stagingFailures, stagingPod } from "./staging-pod.ts";
import { type Side, sideClaim, sideVolume } from "./volumes.ts";

/** One checkpoint that models of the stack serve. */
export interface Checkpoint {
  /** Names its objects. */
  readonly name: string;
  /** Folder on the volume, without the revision. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Size, GB; sets how long fetching may take. */
  readonly weightsGb: number;
}

export interface ModelWeightsArgs {
  /** Namespace that alone stages; made by Isolation. */
  readonly namespace: string;
  /** Namespace of inference, which reads. */
  readonly inference: string;
  /** Image of the staging program by digest, from the registry inside. */
  readonly image: string;
  readonly source: WeightsSource;
  readonly volume: StagedVolume;
  readonly checkpoints: readonly Checkpoint[];
  readonly nodes: GpuNodes;
  /** Names of the GPU hosts; for volumes of kind local. */
  readonly hosts: readonly string[];
}

/** Claim in the inference namespace that models mount read-only. */
export const servingClaim = "weights";
const account = "weights-staging";

/**
 * Weights as a content-addressed artefact: fetched by Jobs in a namespace of their own, the only one that may
 * reach the source, onto a volume that inference sees read-only.
 */
export class ModelWeights extends pulumi.ComponentResource {
  /** Leaf resources: models that depend on these start when their weights are there. */
  readonly staged: readonly pulumi.Resource[];

  constructor(name: string, args: ModelWeightsArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:weights:ModelWeights", name, args, opts);
    const serving = this.side(`${name}-serving`, servingSide(args), args);
    const own = new k8s.core.v1.ServiceAccount(
      name,
      {
        metadata: {
          name: account,
          namespace: args.namespace,
          labels: { ...workloadLabels(stagingName, name) },
        },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const sides = stagingSides(args).map((side) => ({
      side,
      claim: this.side(`${name}-${side.claim}`, side, args),
    }));
    const jobs = args.checkpoints.flatMap((checkpoint) => {
      const labels = workloadLabels(stagingName, checkpoint.name);
      const map = new k8s.core.v1.ConfigMap(
        `${name}-${checkpoint.name}-manifest`,
        manifestMap(checkpoint.name, args.namespace, labels, checkpoint.manifest),
        { parent: this },
      );
      return sides.map(({ side, claim }) =>
        this.stage(name, checkpoint, side, args, [own, map, claim]),
      );
    });
    this.staged = [serving, ...jobs];
    this.registerOutputs({});
  }

  /** A volume and its claim. Fetching 140 GB again takes hours; what holds it outlives a mistaken destroy. */
  private side(name: string, side: Side, { volume, nodes }: ModelWeightsArgs): pulumi.Resource {
    const keep = { protect: !nodes.simulated, retainOnDelete: !nodes.simulated };
    const made = new k8s.core.v1.PersistentVolume(name, sideVolume(side, volume), {
      parent: this,
      ...keep,
    });
    return new k8s.core.v1.PersistentVolumeClaim(name, sideClaim(side, volume), {
      parent: this,
      dependsOn: [made],
      ...keep,
    });
  }

  private stage(
    name: string,
    checkpoint: Checkpoint,
    side: Side,
    args: ModelWeightsArgs,
    needs: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const labels = workloadLabels(stagingName, checkpoint.name);
    const template = stagingPod(
      {
        ...args,
        folder: checkpoint.folder,
        claim: side.claim,
        manifestMap: manifestMapName(checkpoint.name, checkpoint.manifest),
        serviceAccount: account,
        place: args.volume.kind === "local" ? "gpu-host" : "elsewhere",
      },
      labels,
    );
    const seconds = stagingSeconds(checkpoint.weightsGb);
    const suffix = side.claim.replace(/^weights/, "");
    return new k8s.batch.v1.Job(
      `${name}-${checkpoint.name}${suffix}`,
      {
        metadata: {
          // A Job cannot be changed, so another manifest, source or image gets a Job of its own.
          name: shortened(`stage-${checkpoint.name}${suffix}`, shortHash(JSON.stringify(template))),
          namespace: args.namespace,
          labels: { ...labels },
        },
        spec: {
          backoffLimit: 6,
          activeDeadlineSeconds: seconds,
          podFailurePolicy: stagingFailures,
          template,
        },
      },
      {
        parent: this,
        dependsOn: [...needs],
        customTimeouts: { create: `${seconds}s`, update: `${seconds}s` },
      },
    );
  }
}

function servingSide(args: ModelWeightsArgs): Side {
  return {
    volume: `${args.inference}-weights`,
    claim: servingClaim,
    namespace: args.inference,
    writable: false,
    hosts: args.hosts,
    gib: roomGib(args),
  };
}

/** Shared storage is written once; the disk of each host by a Job of its own. */
function stagingSides(args: ModelWeightsArgs): Side[] {
  const side = {
    namespace: args.namespace,
    writable: true,
    gib: roomGib(args),
  };
  if (args.volume.kind !== "local") {
    return [{ ...side, volume: `${args.namespace}-staging`, claim: "weights", hosts: [] }];
  }
  return args.hosts.map((host) => ({
    ...side,
    volume: `${args.namespace}-staging-${host}`,
    claim: `weights-${host}`,
    hosts: [host],
  }));
}

function roomGib({ checkpoints }: ModelWeightsArgs): number {
  return checkpoints.reduce((sum, { weightsGb }) => sum + weightsVolumeGib(weightsGb), 0);
}

/** Longest name of a Job whose pods are still found by it. */
const longestName = 63;

function shortened(name: string, hash: string): string {
  return `${name.replaceAll(".", "-").slice(0, longestName - hash.length - 1)}-${hash}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
