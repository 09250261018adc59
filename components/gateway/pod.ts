import type * as k8s from "@pulumi/kubernetes";
import { selectorLabels, type WorkloadLabels } from "../lib/labels.ts";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;
type Toleration = k8s.types.input.core.v1.Toleration;

/** Any id but root's; nothing in these images belongs to it. */
const user = 65_532;

/** What every pod of the gateway has in common: no rights, no token, spread over zones and machines. */
export function restrictedPod(
  labels: WorkloadLabels,
  serviceAccountName: string,
): Omit<PodSpec, "containers"> {
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    // Addresses of Services as variables are of no use here, and tell what else there is.
    enableServiceLinks: false,
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        // A site with one machine for it gets its replicas all the same.
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorLabels(labels) },
      }),
    ),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

export const restrictedContainer = {
  imagePullPolicy: "IfNotPresent",
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
} satisfies Partial<Container>;

/** Seconds until what runs once is started anew elsewhere when its node is gone; Kubernetes would wait five minutes. */
const lostNodeSeconds = 30;

/** For what there is only one of. */
export function soonElsewhere(): Toleration[] {
  return ["not-ready", "unreachable"].map((state) => ({
    key: `node.kubernetes.io/${state}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: lostNodeSeconds,
  }));
}

/** A volume of files and where the container sees them. */
export interface Files {
  readonly mountPath: string;
  readonly volume: k8s.types.input.core.v1.Volume & { readonly name: string };
}

/** Readable for the group of the pod, and for nobody else. */
export const fileMode = 0o440;

export function mounted(files: readonly Files[]): Pick<PodSpec, "volumes"> {
  return { volumes: files.map(({ volume }) => volume) };
}

export function mounts(files: readonly Files[]): Pick<Container, "volumeMounts"> {
  return { volumeMounts: mountsOf(files) };
}

export function mountsOf(files: readonly Files[]): VolumeMount[] {
  return files.map(({ volume, mountPath }) => ({
    name: volume.name,
    mountPath,
    readOnly: true,
  }));
}

/** Files of a Secret, each entry under a name of its choice. */
export function secretFiles(
  name: string,
  mountPath: string,
  secretName: string,
  entries: Readonly<Record<string, string>>,
): Files {
  const items = Object.entries(entries).map(([key, path]) => ({ key, path }));
  return {
    mountPath,
    volume: { name, secret: { secretName, defaultMode: fileMode, items } },
  };
}
