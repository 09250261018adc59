import { isObject, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { replaceAt } from "../../policies/good-graph.ts";

/** An object as it is sent to the API server. */
export interface Sent {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ValueObject;
  readonly [field: string]: Value | undefined;
}

/** One request that must be refused, with the rule that refuses it, or the rules of which one does. */
export interface Refusal {
  readonly title: string;
  readonly rule: string;
  readonly object: Sent;
}

export const registry = "registry.dev.example.internal";
export const image = `${registry}/docker.io/library/tool@sha256:${"ab".repeat(32)}`;

export function object(
  apiVersion: string,
  kind: string,
  name: string,
  body: ValueObject,
  namespace: string | undefined = "inference",
): Sent {
  const metadata = namespace === "" ? { name } : { name, namespace };
  return { apiVersion, kind, metadata, ...body };
}

export const container: ValueObject = {
  name: "sidecar",
  image,
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
};

/** Names of the containers of the largest pod that is tried. */
export const largePodContainers = Array.from({ length: 20 }, (_, index) => `c${index}`);

/** A pod that no rule objects to. */
export const podSpec: ValueObject = {
  serviceAccountName: "own",
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 2000,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [container],
  volumes: [{ name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } }],
};

const labels = { app: "tool" };
const template: ValueObject = { metadata: { labels }, spec: podSpec };
const selector: ValueObject = { matchLabels: labels };

/** A workload of each kind that holds a pod template, with the path to its pod spec. */
export const workloads: readonly { readonly object: Sent; readonly spec: readonly string[] }[] = [
  { object: object("v1", "Pod", "tool", { spec: podSpec }), spec: ["spec"] },
  { object: object("v1", "PodTemplate", "tool", { template }), spec: ["template", "spec"] },
  {
    object: object("v1", "ReplicationController", "tool", { spec: { selector: labels, template } }),
    spec: ["spec", "template", "spec"],
  },
  ...["Deployment", "ReplicaSet", "DaemonSet"].map((kind) => ({
    object: object("apps/v1", kind, "tool", { spec: { selector, template } }),
    spec: ["spec", "template", "spec"],
  })),
  {
    object: object("apps/v1", "StatefulSet", "tool", {
      spec: { selector, serviceName: "tool", template },
    }),
    spec: ["spec", "template", "spec"],
  },
  {
    object: object("batch/v1", "Job", "tool", {
      spec: { template: { ...template, spec: { ...podSpec, restartPolicy: "Never" } } },
    }),
    spec: ["spec", "template", "spec"],
  },
  {
    object: object("batch/v1", "CronJob", "tool", {
      spec: {
        schedule: "0 0 * * *",
        jobTemplate: {
          spec: { template: { ...template, spec: { ...podSpec, restartPolicy: "Never" } } },
        },
      },
    }),
    spec: ["spec", "jobTemplate", "spec", "template", "spec"],
  },
];

/** A Deployment with one change of its pod template, below `spec.template`. */
export function changedTemplate(
  path: readonly (string | number)[],
  value: Value | undefined,
): Sent {
  const deployment = object("apps/v1", "Deployment", "tool", { spec: { selector, template } });
  return changedObject(deployment, ["spec", "template", ...path], value);
}

export function changedObject(
  sent: Sent,
  path: readonly (string | number)[],
  value: Value | undefined,
): Sent {
  const { apiVersion, kind, metadata } = sent;
  const changed = replaceAt(sent, path, value);
  if (!isObject(changed)) throw new Error("only places inside an object are replaced");
  const kept = isObject(changed["metadata"]) ? changed["metadata"] : metadata;
  return { ...changed, apiVersion, kind, metadata: kept };
}
