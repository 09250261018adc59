import type * as k8s from "@pulumi/kubernetes";
import type { GpuNodes } from "../cluster/gpu-cluster.ts";
import { drainToleration } from "../lib/gpu-pool.ts";
import type { WorkloadLabels } from "../lib/labels.ts";
import type { WeightsSource } from "../lib/stack/weights.ts";
import { manifestField, manifestMountPath } from "../lib/weights/verifier.ts";
import { caFile, sourceAliases, sourceArgs, tokenFile } from "./source.ts";

type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;

export interface StagingPodArgs {
  readonly image: string;
  readonly source: WeightsSource;
  /** Folder of the checkpoint on the volume, without the revision. */
  readonly folder: string;
  readonly claim: string;
  readonly manifestMap: string;
  readonly serviceAccount: string;
  /** `gpu-host`: the volume is the disk of one; `elsewhere`: never beside an engine. */
  readonly place: "gpu-host" | "elsewhere";
  readonly nodes: GpuNodes;
}

export const stagingContainer = "stage-weights";

/** Exit code of a usage error; trying again would change nothing. */
const usageError = 2;

/** What a Job does about a pod that failed: it resumes, unless it was told nonsense. */
export const stagingFailures: k8s.types.input.batch.v1.PodFailurePolicy = {
  rules: [
    {
      action: "FailJob",
      onExitCodes: { containerName: stagingContainer, operator: "In", values: [usageError] },
    },
  ],
};

/** Not the engine's: what it writes belongs to nobody who serves. */
const user = 2001;
const root = "/weights";

/** Fetches one checkpoint. Without GPU, without token of the cluster, and without a resolver. */
export function stagingPod(args: StagingPodArgs, labels: WorkloadLabels): PodTemplate {
  const aliases = sourceAliases(args.source);
  return {
    metadata: { labels: { ...labels } },
    spec: {
      serviceAccountName: args.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 60,
      ...(aliases.length > 0 ? { hostAliases: aliases } : {}),
      ...placement(args),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        // Otherwise every start would make all files writable for the group again.
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [container(args)],
      volumes: [
        { name: "weights", persistentVolumeClaim: { claimName: args.claim } },
        { name: "manifest", configMap: { name: args.manifestMap } },
        ...credentials(args.source).map(({ volume }) => volume),
      ],
    },
  };
}

/** A volume of kind local brings its host along; two sides of a shared one must not meet on a node. */
function placement({
  place,
  nodes,
}: StagingPodArgs): Pick<k8s.types.input.core.v1.PodSpec, "affinity" | "tolerations"> {
  if (place === "gpu-host") {
    // A host has its weights before it takes pods, so it may still be kept free of them.
    return { tolerations: [...nodes.tolerations, drainToleration].map((each) => ({ ...each })) };
  }
  const matchExpressions = Object.entries(nodes.selector).map(([key, value]) => ({
    key,
    operator: "NotIn",
    values: [value],
  }));
  return {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions }],
        },
      },
    },
  };
}

function container(args: StagingPodArgs): k8s.types.input.core.v1.Container {
  const resources = { cpu: "2", memory: "1Gi" };
  return {
    name: stagingContainer,
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    args: [
      "stage",
      "--manifest",
      `${manifestMountPath}/${manifestField}`,
      ...sourceArgs(args.source),
      "--into",
      root,
      "--folder",
      args.folder,
    ],
    resources: { requests: resources, limits: resources },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "weights", mountPath: root },
      { name: "manifest", mountPath: manifestMountPath, readOnly: true },
      ...credentials(args.source).map(({ volume, folder }) => ({
        name: volume.name,
        mountPath: folder,
        readOnly: true,
      })),
    ],
  };
}

/** What somebody made by hand, each alone in its folder. */
function credentials({ tokenSecret, caConfigMap }: WeightsSource) {
  return [
    ...(tokenSecret === undefined
      ? []
      : [
          {
            folder: tokenFile.folder,
            volume: {
              name: "token",
              secret: {
                secretName: tokenSecret,
                defaultMode: 0o440,
                items: [{ key: tokenFile.key, path: tokenFile.key }],
              },
            },
          },
        ]),
    ...(caConfigMap === undefined
      ? []
      : [
          {
            folder: caFile.folder,
            volume: {
              name: "ca",
              configMap: {
                name: caConfigMap,
                items: [{ key: caFile.key, path: caFile.key }],
              },
            },
          },
        ]),
  ];
}
