import type { Value, ValueObject } from "../../../policies/model/value.ts";
import { type Added, kube } from "./change.ts";

/** A NetworkPolicy that lets pods of a namespace open connections, sound in all but what it allows. */
export function allowEgress(
  place: string,
  egress: readonly Value[],
  podSelector: ValueObject = {},
): Added {
  return kube("networking.k8s.io/v1", "NetworkPolicy", place, {
    spec: { podSelector, policyTypes: ["Egress"], egress },
  });
}

export function allowIngress(
  place: string,
  ingress: readonly Value[],
  podSelector: ValueObject = {},
): Added {
  return kube("networking.k8s.io/v1", "NetworkPolicy", place, {
    spec: { podSelector, policyTypes: ["Ingress"], ingress },
  });
}

export const https: ValueObject = { protocol: "TCP", port: 443 };

export function block(cidr: string, ...except: readonly string[]): ValueObject {
  return { ipBlock: except.length === 0 ? { cidr } : { cidr, except } };
}

/** Pods of a namespace by its immutable label. */
export function podsOf(namespace: string, labels: ValueObject = {}): ValueObject {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: Object.keys(labels).length === 0 ? {} : { matchLabels: labels },
  };
}

/** Labels of the engine's pods that never change. */
export const engineLabels: ValueObject = {
  "app.kubernetes.io/name": "vllm",
  "app.kubernetes.io/instance": "llama-3-70b",
};

/** A container as restricted as the engine, so that nothing but the leak is wrong with it. */
export function container(name: string, image: string, more: ValueObject = {}): ValueObject {
  const resources = { cpu: "500m", memory: "512Mi" };
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    resources: { requests: resources, limits: resources },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...more,
  };
}

/** A pod spec as restricted as the engine's. */
export function podSpec(
  serviceAccountName: string,
  containers: readonly ValueObject[],
  more: ValueObject = {},
): ValueObject {
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 2000,
      runAsGroup: 2000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers,
    ...more,
  };
}

/** A ServiceAccount of the same name, and a Deployment with one label `app`. */
export function deployment(place: string, spec: ValueObject): readonly [Added, Added] {
  const [account, labels] = accountAndLabels(place);
  const body = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } };
  return [account, kube("apps/v1", "Deployment", place, { spec: { replicas: 1, ...body } })];
}

export function daemonSet(place: string, spec: ValueObject): readonly [Added, Added] {
  const [account, labels] = accountAndLabels(place);
  const body = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } };
  return [account, kube("apps/v1", "DaemonSet", place, { spec: body })];
}

/** A CronJob under a ServiceAccount of its own. */
export function cronJob(place: string, spec: ValueObject): readonly [Added, Added] {
  const [account, labels] = accountAndLabels(place);
  const template = { metadata: { labels }, spec: { ...spec, restartPolicy: "Never" } };
  const job = { schedule: "17 3 * * *", jobTemplate: { spec: { template } } };
  return [account, kube("batch/v1", "CronJob", place, { spec: job })];
}

function accountAndLabels(place: string): [Added, ValueObject] {
  const account = kube("v1", "ServiceAccount", place, { automountServiceAccountToken: false });
  return [account, { app: account.name }];
}

/** A configuration file in a ConfigMap. */
export function configFile(place: string, file: string, lines: readonly string[]): Added {
  return kube("v1", "ConfigMap", place, { data: { [file]: `${lines.join("\n")}\n` } });
}
