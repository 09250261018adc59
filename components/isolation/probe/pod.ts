import type * as k8s from "@pulumi/kubernetes";
import type { GpuNodes } from "../../cluster/gpu-cluster.ts";

type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;

export interface ProbePodArgs {
  readonly mode: "control" | "probe";
  /** Image by digest, from the registry inside. */
  readonly image: string;
  readonly digest: string;
  /** Labels of the pods that it stands in for. */
  readonly labels: Readonly<Record<string, string>>;
  /** Port that network policies open to those pods. @default - none */
  readonly port?: number;
  readonly nodes: GpuNodes;
  readonly serviceAccount: string;
  /** ConfigMap that holds the plan. */
  readonly planConfigMap: string;
  /** Secret that holds the key which signs the record. */
  readonly keySecret: string;
}

/** Fields of the ConfigMap and of the Secret. */
export const planField = "plan.json";
export const keyField = "key.pem";

export const probeContainer = "egress-probe";

/** Where the kubelet reads a container's last words, which stand in the pod's status. */
const messageFile = "/dev/termination-log";

const user = 2000;

/**
 * A pod that carries the labels of an inference pod and is none. Network policies cannot tell the two
 * apart, which is the point; three other things must:
 *
 * - The model's Service selects by the same labels. It sends nothing here, because the pod never becomes
 *   ready (nobody sets the condition of its readiness gate) and has no port of the name that the Service
 *   wants. The number is declared, since network policies open it to these labels; nobody listens on it.
 * - The ReplicaSet of the model also selects by `pod-template-hash`, and takes no pod that another
 *   controller owns.
 * - The PodDisruptionBudget of the model leaves out pods of Jobs by its selector. It would otherwise
 *   look for the scale of a Job, find none, and forbid every eviction.
 */
export function probePod(args: ProbePodArgs): PodTemplate {
  const { mode, nodes } = args;
  return {
    metadata: { labels: { ...args.labels } },
    spec: {
      serviceAccountName: args.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 5,
      ...(mode === "probe"
        ? { readinessGates: [{ conditionType: "private-llm/never-ready" }] }
        : {}),
      // Where inference runs: a network plugin works node by node.
      nodeSelector: { ...nodes.selector },
      tolerations: nodes.tolerations.map((toleration) => ({ ...toleration })),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
        // Pings without a capability, for this group alone.
        sysctls: [{ name: "net.ipv4.ping_group_range", value: `${user} ${user}` }],
      },
      containers: [container(args)],
      volumes: [
        { name: "plan", configMap: { name: args.planConfigMap } },
        { name: "key", secret: { secretName: args.keySecret, defaultMode: 0o440 } },
        {
          name: "pod",
          downwardAPI: {
            items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }],
          },
        },
      ],
    },
  };
}

function container(args: ProbePodArgs): k8s.types.input.core.v1.Container {
  const resources = { cpu: "100m", memory: "64Mi" };
  return {
    name: probeContainer,
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    args: [
      "run",
      `--mode=${args.mode}`,
      `--plan=/plan/${planField}`,
      `--key=/key/${keyField}`,
      "--labels=/pod/labels",
      `--message=${messageFile}`,
    ],
    env: [
      told("POD_NAMESPACE", "metadata.namespace"),
      told("POD_NAME", "metadata.name"),
      told("NODE_NAME", "spec.nodeName"),
      told("NODE_ADDRESSES", "status.hostIPs"),
      { name: "IMAGE_DIGEST", value: args.digest },
    ],
    ...(args.port === undefined
      ? {}
      : { ports: [{ name: "opened", containerPort: args.port, protocol: "TCP" }] }),
    resources: { requests: resources, limits: resources },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: ["plan", "key", "pod"].map((name) => ({
      name,
      mountPath: `/${name}`,
      readOnly: true,
    })),
  };
}

function told(name: string, fieldPath: string): k8s.types.input.core.v1.EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
