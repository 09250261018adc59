import type * as k8s from "@pulumi/kubernetes";
import type { StagedVolume } from "../lib/stack/weights.ts";

type PersistentVolume = k8s.core.v1.PersistentVolumeArgs;
type Claim = k8s.core.v1.PersistentVolumeClaimArgs;

/** One side of a volume that two namespaces see; a claim cannot be shared, so each side has a volume and a claim. */
export interface Side {
  /** Name of the PersistentVolume and, in its namespace, of the claim. */
  readonly volume: string;
  readonly claim: string;
  readonly namespace: string;
  readonly writable: boolean;
  /** Nodes whose own disk it is; for volumes of kind local. */
  readonly hosts: readonly string[];
  /** Room that all checkpoints need, GiB; nothing enforces it. */
  readonly gib: number;
}

/** Promised to one claim of one namespace, so that nobody else can take it; what it holds stays when it goes. */
export function sideVolume(side: Side, volume: StagedVolume): PersistentVolume {
  const { writable, namespace, claim, gib } = side;
  return {
    metadata: { name: side.volume, labels: { "app.kubernetes.io/part-of": "private-llm" } },
    spec: {
      capacity: { storage: `${gib}Gi` },
      accessModes: [accessMode(side, volume)],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claim },
      ...backing(volume, side.hosts, !writable),
    },
  };
}

export function sideClaim(side: Side, volume: StagedVolume): Claim {
  return {
    metadata: {
      name: side.claim,
      namespace: side.namespace,
      labels: { "app.kubernetes.io/part-of": "private-llm" },
    },
    spec: {
      accessModes: [accessMode(side, volume)],
      // Without a class nothing provisions another volume in its place.
      storageClassName: "",
      volumeName: side.volume,
      resources: { requests: { storage: `${side.gib}Gi` } },
    },
  };
}

function accessMode({ writable }: Side, { kind }: StagedVolume): string {
  if (!writable) return "ReadOnlyMany";
  return kind === "local" ? "ReadWriteOnce" : "ReadWriteMany";
}

type Backing = Pick<
  k8s.types.input.core.v1.PersistentVolumeSpec,
  "nfs" | "csi" | "local" | "mountOptions" | "nodeAffinity"
>;

function backing(volume: StagedVolume, hosts: readonly string[], readOnly: boolean): Backing {
  switch (volume.kind) {
    case "nfs":
      return {
        nfs: { server: volume.server, path: volume.path, readOnly },
        mountOptions: options(volume.mountOptions, readOnly),
      };
    case "csi":
      return {
        csi: {
          driver: volume.driver,
          volumeHandle: volume.volumeHandle,
          volumeAttributes: volume.volumeAttributes,
          readOnly,
        },
        mountOptions: options(volume.mountOptions, readOnly),
      };
    case "local":
      return {
        local: { path: volume.path },
        // One volume may name several hosts: what it holds was staged on each, and each pod verifies its own.
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: "kubernetes.io/hostname", operator: "In", values: [...hosts] },
                ],
              },
            ],
          },
        },
      };
    default:
      volume satisfies never;
      throw new Error("unreachable");
  }
}

function options(given: readonly string[], readOnly: boolean): string[] {
  return readOnly ? [...given, "ro"] : [...given];
}
