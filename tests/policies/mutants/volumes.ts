import type { Resource } from "../../../policies/model/resource.ts";
import { isObject, unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { goodResources, kube, replaceAt } from "../good-graph.ts";
import {
  added,
  engine,
  engineMutant,
  enginePath,
  type Mutant,
  podPath,
  template,
} from "./mutant.ts";

function volume(title: string, source: ValueObject): Mutant {
  const [type = ""] = Object.keys(source);
  const path = [...template, "volumes", 3];
  return engineMutant(
    "W02",
    title,
    path,
    { name: "more", ...source },
    `${podPath}.volumes[3].${type}`,
  );
}

function persistent(title: string, spec: ValueObject, path: string): Mutant {
  const extra = kube("core/v1:PersistentVolume", "disk", undefined, { spec });
  return added("W02", title, extra, "PersistentVolume disk", path);
}

export const volumeTypes: readonly Mutant[] = [
  volume("folder of the node", { hostPath: { path: "/data" } }),
  volume("inline CSI volume", { csi: { driver: "secrets-store.csi.k8s.io" } }),
  volume("network file system past the policies", { nfs: { server: "192.0.2.1", path: "/" } }),
  volume("repository that is cloned", { gitRepo: { repository: "x" } }),
  volume("volume type that nobody knows", { tomorrow: {} }),
  persistent(
    "folder of a node that anybody may claim",
    { hostPath: { path: "/data" } },
    "spec.hostPath",
  ),
  persistent(
    "folder of a node that is promised to inference",
    { hostPath: { path: "/data" }, claimRef: { namespace: "inference", name: "weights" } },
    "spec.hostPath",
  ),
  persistent("local volume of the whole node", { local: { path: "/" } }, "spec.local.path"),
  persistent(
    "local volume of a system folder in another spelling",
    { local: { path: "/mnt/../var/lib/kubelet" } },
    "spec.local.path",
  ),
  persistent("unknown local volume", { local: { path: unknown } }, "spec.local.path"),
  ...["/var/run/containerd/containerd.sock", "/", "/run/../run/crio"].map((path) =>
    added(
      "W02",
      `${path} in the gateway`,
      kube("core/v1:Pod", "spy", "gateway", {
        spec: { volumes: [{ name: "s", hostPath: { path } }] },
      }),
      "Pod gateway/spy",
      "spec.volumes[0].hostPath.path",
    ),
  ),
];

const ulimits = "ulimits.nri.containerd.io/container.engine";
const shm = [...template, "volumes", 1, "emptyDir"];

function residue(
  title: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  at: string,
) {
  return engineMutant("W07", title, path, value, at);
}

const mounts = [...engine, "volumeMounts"];
const claim = { name: "state", persistentVolumeClaim: { claimName: "state" } };

export const residues: readonly Mutant[] = [
  residue(
    "scratch on the node's disk",
    [...template, "volumes", 0, "emptyDir"],
    {},
    `${podPath}.volumes[0].emptyDir.medium`,
  ),
  residue(
    "scratch without a size",
    [...template, "volumes", 0, "emptyDir"],
    { medium: "Memory" },
    `${podPath}.volumes[0].emptyDir.sizeLimit`,
  ),
  residue(
    "size of nothing",
    [...shm, "sizeLimit"],
    "0Gi",
    `${podPath}.volumes[1].emptyDir.sizeLimit`,
  ),
  residue("unknown medium", [...shm, "medium"], unknown, `${podPath}.volumes[1].emptyDir.medium`),
  residue(
    "volume that names no type",
    [...template, "volumes", 3],
    { name: "bare" },
    `${podPath}.volumes[3].emptyDir.medium`,
  ),
  residue(
    "no temporary folder",
    mounts,
    [{ name: "shm", mountPath: "/dev/shm" }],
    `${enginePath}.volumeMounts`,
  ),
  residue(
    "temporary folder moved out of memory",
    [...engine, "env", 4],
    { name: "TMPDIR", value: "/models/tmp" },
    `${enginePath}.env[4].value`,
  ),
  residue(
    "temporary folder that nobody knows",
    [...engine, "env", 4],
    { name: "TMPDIR", valueFrom: {} },
    `${enginePath}.env[4].value`,
  ),
  residue(
    "logs copied into the status",
    [...engine, "terminationMessagePolicy"],
    "FallbackToLogsOnError",
    `${enginePath}.terminationMessagePolicy`,
  ),
  residue(
    "dump of GPU memory",
    [...engine, "env", 4],
    { name: "CUDA_ENABLE_COREDUMP_ON_EXCEPTION", value: "1" },
    `${enginePath}.env[4].value`,
  ),
  residue(
    "core dumps by a plugin of the runtime",
    ["spec", "template", "metadata", "annotations"],
    {
      [ulimits]:
        "- type: nofile\n  soft: 9\n  hard: 9\n- type: RLIMIT_CORE\n  soft: 0\n  hard: 4096\n",
    },
    `spec.template.metadata.annotations["${ulimits}"]`,
  ),
  residue(
    "variables from elsewhere that may ask for dumps",
    [...engine, "envFrom"],
    [{ configMapRef: { name: "c" } }],
    `${enginePath}.envFrom[0]`,
  ),
  residue(
    "writable root of a container without a GPU",
    [...template, "initContainers"],
    [{ name: "init", image: "x" }],
    `${podPath}.initContainers[0].securityContext.readOnlyRootFilesystem`,
  ),
  {
    rule: "W07",
    title: "writable root of a GPU container beside a writable claim",
    resources: writableRoot([...memory(), { name: "state", mountPath: "/state/" }]),
    object: "Deployment inference/llama",
    path: `${enginePath}.volumeMounts[3]`,
  },
  {
    rule: "W07",
    title: "writable root of a GPU container beside a mount of no known volume",
    resources: writableRoot([...memory(), { name: "ghost", mountPath: "/ghost" }]),
    object: "Deployment inference/llama",
    path: `${enginePath}.volumeMounts[3]`,
  },
];

function memory(): readonly ValueObject[] {
  return [
    { name: "scratch", mountPath: "/scratch" },
    { name: "shm", mountPath: "/dev/shm/" },
    { name: "tmp", mountPath: "/tmp" },
  ];
}

/** The good graph with an engine whose root is writable, and a claim among its volumes. */
export function writableRoot(volumeMounts: readonly ValueObject[]): readonly Resource[] {
  const changes: readonly (readonly [readonly (string | number)[], Value])[] = [
    [[...engine, "securityContext", "readOnlyRootFilesystem"], false],
    [mounts, volumeMounts],
    [[...template, "volumes", 3], claim],
  ];
  return goodResources.map((each) => {
    if (!each.type.endsWith(":Deployment") || each.name !== "llama") return each;
    const body = changes.reduce<Value>(
      (value, [path, next]) => replaceAt(value, path, next),
      each.properties,
    );
    return isObject(body) ? { ...each, properties: body } : each;
  });
}
