import type * as k8s from "@pulumi/kubernetes";
import { namespaceName } from "../lib/labels.ts";
import { denyAll } from "./network-policies.ts";

/** A policy with what its resource needs to know of it. */
export interface NamedPolicy {
  readonly namespace: string;
  /** End of the resource's name. */
  readonly suffix: string;
  readonly policy: k8s.networking.v1.NetworkPolicyArgs;
}

type Selector = k8s.types.input.meta.v1.LabelSelector;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;

/** The parts of a platform that run beside the models, and the ranges that they must reach. */
export interface InfrastructureParts {
  /** Nodes, and on EKS the interfaces of the API server. CIDR. */
  readonly nodeCidr: string;
  /** Addresses of Services; a policy may be applied before such an address is translated. CIDR. */
  readonly serviceCidr: string;
  /** Namespace of the Prometheus stack. @default - another stack's */
  readonly monitoring?: string;
  /** Namespace of the GPU operator. @default - another stack's */
  readonly gpuOperator?: string;
}

const system = "kube-system";
const program = "app.kubernetes.io/name";

/** Labels that the Prometheus operator puts on the server's pods. */
export const prometheusPods = { [program]: "prometheus" } as const;
const grafanaPods = { [program]: "grafana" } as const;
const alertmanagerPods = { [program]: "alertmanager" } as const;
const resolverPods = { "k8s-app": "kube-dns" } as const;

/** Programs of the monitoring chart that ask the API server: discovery, sidecars, states of objects. */
const apiClients = [
  "grafana",
  "kube-prometheus-stack-prometheus-operator",
  "kube-state-metrics",
  "prometheus",
];

/**
 * TCP ports of the charts named in infra/versions.ts, read from their templates 2026-11; those of the
 * kubelet, of kube-proxy on EKS and of the DCGM exporter are their documented defaults. None was tried
 * on a cluster with a strict plugin.
 */
const ports = {
  apiServer: [443],
  /** Prometheus, Alertmanager, Grafana; and what its operator, reloaders and kube-state-metrics share. */
  monitoring: [3000, 8080, 9090, 9093],
  grafanaSources: { prometheus: [9090], alertmanager: [9093] },
  /** node-exporter, kube-proxy and the kubelet, all in the network of the node. */
  nodes: [9100, 10249, 10250],
  /** GPU operator, DCGM exporter. */
  gpuOperator: [8080, 9400],
  resolverMetrics: [9153],
} as const;

/**
 * Network policies for everything but models and gateway, where the network plugin denies by default:
 * a deny for every pod of each namespace, and the edges without which its programs do not work.
 */
export function infrastructurePolicies(parts: InfrastructureParts): NamedPolicy[] {
  const { monitoring, gpuOperator } = parts;
  return [
    { namespace: system, suffix: `${system}-default-deny`, policy: denyAll(system) },
    ...(monitoring === undefined ? [] : monitoringPolicies(monitoring, parts)),
    ...(gpuOperator === undefined ? [] : gpuOperatorPolicies(gpuOperator, parts)),
  ];
}

function monitoringPolicies(namespace: string, parts: InfrastructureParts): NamedPolicy[] {
  const prometheus = pods(namespace, prometheusPods);
  const grafana = { matchLabels: grafanaPods };
  const clients = { matchExpressions: [{ key: program, operator: "In", values: apiClients }] };
  return [
    allowOut(namespace, "monitoring-to-api-server", clients, apiServer(parts), ports.apiServer),
    ...edge("prometheus-to-monitoring", prometheus, pods(namespace), ports.monitoring),
    ...edge(
      "grafana-to-prometheus",
      pods(namespace, grafanaPods),
      prometheus,
      ports.grafanaSources.prometheus,
    ),
    ...edge(
      "grafana-to-alertmanager",
      pods(namespace, grafanaPods),
      pods(namespace, alertmanagerPods),
      ports.grafanaSources.alertmanager,
    ),
    // The only one that asks for names: those of its data sources. The resolver lets every pod in.
    allowOut(namespace, "grafana-to-cluster-dns", grafana, [peer(pods(system, resolverPods))], dns),
    allowOut(
      namespace,
      "prometheus-to-nodes",
      { matchLabels: prometheusPods },
      [{ ipBlock: { cidr: parts.nodeCidr } }],
      ports.nodes,
    ),
    ...edge(
      "prometheus-to-cluster-dns",
      prometheus,
      pods(system, resolverPods),
      ports.resolverMetrics,
    ),
    ...(parts.gpuOperator === undefined
      ? []
      : edge("prometheus-to-gpu-operator", prometheus, pods(parts.gpuOperator), ports.gpuOperator)),
  ];
}

/** The operator and everything that it starts asks the API server, and nobody else. */
function gpuOperatorPolicies(namespace: string, parts: InfrastructureParts): NamedPolicy[] {
  return [allowOut(namespace, "gpu-operator-to-api-server", {}, apiServer(parts), ports.apiServer)];
}

/** The API server has no pods: on its Service's address, and behind it on those of its machines. */
function apiServer({ nodeCidr, serviceCidr }: InfrastructureParts): Peer[] {
  return [{ ipBlock: { cidr: nodeCidr } }, { ipBlock: { cidr: serviceCidr } }];
}

interface Pods {
  readonly namespace: string;
  readonly selector: Selector;
}

function pods(namespace: string, labels?: Readonly<Record<string, string>>): Pods {
  return { namespace, selector: labels === undefined ? {} : { matchLabels: labels } };
}

function peer({ namespace, selector }: Pods): Peer {
  return {
    namespaceSelector: { matchLabels: { [namespaceName]: namespace } },
    podSelector: selector,
  };
}

const dns: readonly Port[] = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];

function tcp(numbers: readonly number[]): Port[] {
  return numbers.map((port) => ({ protocol: "TCP", port }));
}

/** Both halves of a connection between pods. */
function edge(name: string, from: Pods, to: Pods, numbers: readonly number[]): NamedPolicy[] {
  return [
    {
      namespace: to.namespace,
      suffix: `${name}-in`,
      policy: {
        metadata: { name: `${name}-in`, namespace: to.namespace },
        spec: {
          podSelector: to.selector,
          policyTypes: ["Ingress"],
          ingress: [{ from: [peer(from)], ports: tcp(numbers) }],
        },
      },
    },
    allowOut(from.namespace, name, from.selector, [peer(to)], numbers),
  ];
}

function allowOut(
  namespace: string,
  name: string,
  podSelector: Selector,
  to: Peer[],
  allowed: readonly number[] | readonly Port[],
): NamedPolicy {
  const listed = allowed.flatMap((each) => (typeof each === "number" ? tcp([each]) : [each]));
  return {
    namespace,
    suffix: `${name}-out`,
    policy: {
      metadata: { name: `${name}-out`, namespace },
      spec: { podSelector, policyTypes: ["Egress"], egress: [{ to, ports: listed }] },
    },
  };
}
