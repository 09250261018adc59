import type { Resource } from "../../../policies/model/resource.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import type { ContainerPort, Labels } from "../oracle/kubernetes.ts";
import { object, podObject, policy } from "../support/resources.ts";

/** A pod with one address, `app: NAME` as its label and the ports of its container. */
export function pod(
  namespace: string,
  name: string,
  address: string,
  ports: readonly ContainerPort[] = [],
  labels: Labels = { app: name },
): Resource {
  return podObject({ namespace, name, labels, addresses: [address], ports });
}

/** The pod template of a workload, with `app: NAME` as its label. */
export function template(
  name: string,
  spec: ValueObject = {},
  labels: ValueObject = { app: name },
) {
  return {
    metadata: { labels },
    spec: { containers: [{ name: "main", image: "image" }], ...spec },
  };
}

export function deployment(
  namespace: string,
  name: string,
  spec: ValueObject = {},
  labels: ValueObject = { app: name },
): Resource {
  return object("apps/v1:Deployment", namespace, name, {
    spec: { selector: { matchLabels: { app: name } }, template: template(name, spec, labels) },
  });
}

/** Egress of all pods of a namespace by these rules. */
export function egressPolicy(
  namespace: string,
  name: string,
  egress: readonly ValueObject[],
  podSelector: ValueObject = {},
): Resource {
  return policy(namespace, name, { podSelector, policyTypes: ["Egress"], egress });
}

/** Ingress of the selected pods by these rules. */
export function ingressPolicy(
  namespace: string,
  name: string,
  ingress: readonly ValueObject[],
  podSelector: ValueObject = {},
): Resource {
  return policy(namespace, name, { podSelector, policyTypes: ["Ingress"], ingress });
}

export function toBlock(cidr: string, ...except: readonly string[]): ValueObject {
  return { ipBlock: except.length === 0 ? { cidr } : { cidr, except } };
}

export function byName(namespace: string): ValueObject {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}

export function app(name: string): ValueObject {
  return { matchLabels: { app: name } };
}

export const https: ValueObject = { protocol: "TCP", port: 443 };
