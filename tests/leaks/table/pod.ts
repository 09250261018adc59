import type { Leak } from "../leak.ts";
import { add, all, type Change, edit, kube, withImages } from "../support/change.ts";
import { append, merge, set, unset } from "../support/edit.ts";
import { engine, enginePod, model } from "../support/engine.ts";
import { container, cronJob, podSpec } from "../support/objects.ts";

const rbac = "rbac.authorization.k8s.io";

function mount(volume: string, mountPath: string): Change {
  return engine(append("volumeMounts", { name: volume, mountPath }));
}

/** Rights and mounts of a pod. Rows 31 to 34. */
export const pod: readonly Leak[] = [
  {
    row: 31,
    title: "A container with a right that opens the host",
    catchers: ["W01"],
    column: "policy",
    variants: [
      {
        name: "privileged-init",
        title: "a privileged init container sets kernel parameters",
        stack: "prod",
        change: withImages((image) =>
          enginePod(
            append(
              "spec.initContainers",
              container("sysctl", image("docker.io/library/busybox"), {
                securityContext: { privileged: true },
              }),
            ),
          ),
        ),
      },
      {
        name: "host-processes",
        title: "the engine sees the host's processes and shared memory",
        stack: "staging",
        change: enginePod(merge("spec", { hostPID: true, hostIPC: true })),
      },
      {
        name: "trace",
        title: "the engine may trace processes, for a profiler",
        stack: "prod",
        change: engine(append("securityContext.capabilities.add", "SYS_PTRACE")),
      },
      {
        name: "shared-processes",
        title: "the containers of the pod see each other's processes and files",
        stack: "staging",
        change: enginePod(set("spec.shareProcessNamespace", true)),
      },
      {
        name: "job-may-escalate",
        title: "a nightly job may gain rights",
        stack: "prod",
        change: withImages((image) => {
          const copy = container("copy", image("docker.io/rclone/rclone"), {
            securityContext: { capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
          });
          return add(...cronJob("inference/backup", podSpec("backup", [copy])));
        }),
      },
    ],
  },
  {
    row: 32,
    title: "A folder or socket of the node in a pod",
    catchers: ["W02"],
    column: "policy",
    variants: [
      {
        name: "shared-cache",
        title: "a cache folder of the node, which the next tenant finds",
        stack: "prod",
        change: all(
          enginePod(
            append("spec.volumes", {
              name: "hub",
              hostPath: { path: "/var/cache/huggingface", type: "DirectoryOrCreate" },
            }),
          ),
          mount("hub", "/cache"),
        ),
      },
      {
        name: "container-socket",
        title: "the socket of the container runtime",
        stack: "staging",
        change: all(
          enginePod(
            append("spec.volumes", {
              name: "runtime",
              hostPath: { path: "/run/containerd/containerd.sock", type: "Socket" },
            }),
          ),
          mount("runtime", "/run/containerd/containerd.sock"),
        ),
      },
      {
        name: "inline-csi",
        title: "a bucket mounted by an inline CSI volume",
        stack: "prod",
        change: all(
          enginePod(
            append("spec.volumes", {
              name: "bucket",
              csi: { driver: "bucket.csi.example.com", volumeAttributes: { bucket: "scratch" } },
            }),
          ),
          mount("bucket", "/bucket"),
        ),
      },
      {
        name: "host-path-volume",
        title: "a PersistentVolume that is a folder of the node, for the engine's claim",
        stack: "prod",
        change: add(
          kube("v1", "PersistentVolume", "weights-1", {
            spec: {
              capacity: { storage: "300Gi" },
              accessModes: ["ReadWriteMany"],
              storageClassName: "weights",
              persistentVolumeReclaimPolicy: "Retain",
              claimRef: { namespace: "inference", name: `${model}-weights` },
              hostPath: { path: "/mnt/weights" },
            },
          }),
        ),
      },
    ],
  },
  {
    row: 33,
    title: "Another container, or a person, inside the pod",
    catchers: ["W05", "W06"],
    column: "policy",
    variants: [
      {
        name: "init-container",
        title: "an init container prepares the weights",
        stack: "prod",
        change: withImages((image) =>
          enginePod(
            append("spec.initContainers", container("prepare", image("docker.io/rclone/rclone"))),
          ),
        ),
      },
      {
        name: "ephemeral-containers",
        title: "operators may add ephemeral containers",
        stack: "staging",
        change: edit(
          "Role",
          "access-inference-operator",
          append("rules", {
            apiGroups: [""],
            resources: ["pods/ephemeralcontainers"],
            verbs: ["update", "patch"],
          }),
        ),
      },
      {
        name: "exec",
        title: "viewers may open a shell",
        stack: "prod",
        change: edit(
          "Role",
          "access-inference-viewer",
          append("rules", { apiGroups: [""], resources: ["pods/exec"], verbs: ["create", "get"] }),
        ),
      },
      {
        name: "built-in-edit",
        title: "operators are bound to the built-in role edit, which holds all of it",
        stack: "staging",
        change: add(
          kube(`${rbac}/v1`, "RoleBinding", "inference/operators-edit", {
            roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "edit" },
            subjects: [{ apiGroup: rbac, kind: "Group", name: "llm-operators" }],
          }),
        ),
      },
    ],
  },
  {
    row: 34,
    title: "A token of the API server inside the pod",
    catchers: ["W03"],
    column: "policy",
    variants: [
      {
        name: "mounted",
        title: "the engine's token is mounted",
        stack: "prod",
        change: enginePod(set("spec.automountServiceAccountToken", true)),
      },
      {
        name: "left-to-account",
        title: "the pod says nothing and its account says yes",
        stack: "staging",
        change: all(
          enginePod(unset("spec.automountServiceAccountToken")),
          edit("ServiceAccount", model, set("automountServiceAccountToken", true)),
        ),
      },
      {
        name: "projected",
        title: "the token comes as a projected volume",
        stack: "prod",
        change: all(
          enginePod(
            append("spec.volumes", {
              name: "token",
              projected: { sources: [{ serviceAccountToken: { path: "token" } }] },
            }),
          ),
          mount("token", "/var/run/token"),
        ),
      },
      {
        name: "token-secret",
        title: "a token that never ends, in a Secret that the pod mounts",
        stack: "staging",
        change: all(
          add(
            kube("v1", "Secret", "inference/engine-token", {
              metadata: { annotations: { "kubernetes.io/service-account.name": model } },
              type: "kubernetes.io/service-account-token",
            }),
          ),
          enginePod(
            append("spec.volumes", { name: "token", secret: { secretName: "engine-token" } }),
          ),
          mount("token", "/var/run/token"),
        ),
      },
    ],
  },
];
