import { usedEgressPorts } from "../../../components/gateway/parts.ts";
import { unknown, type Value } from "../../../policies/model/value.ts";
import { gatewayChanged, gatewayConfig, goodGateway } from "../gateway-graph.ts";
import { kube } from "../good-graph.ts";
import { addedToGateway, changedGateway } from "./gateway-mutant.ts";
import type { Mutant } from "./mutant.ts";

/** The one port of the good gateway's way out. */
const [road = 0] = usedEgressPorts(gatewayConfig);

const podSpec = ["spec", "template", "spec"] as const;
const template = "spec.template.spec";

const keys: readonly Mutant[] = [
  changedGateway(
    "A15",
    "a provider's key in the closed proxy",
    "Deployment/gateway-closed",
    [...podSpec, "volumes", 0],
    { name: "config", secret: { secretName: "provider-openai" } },
    { path: `${template}.volumes[0].secret.secretName` },
  ),
  changedGateway(
    "A15",
    "a provider's key in the open proxy, projected",
    "Deployment/gateway",
    [...podSpec, "volumes", 0],
    { name: "config", projected: { sources: [{ secret: { name: "provider-openai" } }] } },
    { path: `${template}.volumes[0].projected.sources[0].secret.name` },
  ),
  changedGateway(
    "A15",
    "a provider's key as a variable",
    "Deployment/gateway",
    [...podSpec, "containers", 0, "env", 0],
    { name: "KEY", valueFrom: { secretKeyRef: { name: "provider-openai", key: "api-key" } } },
    { path: `${template}.containers[0].env[0].valueFrom.secretKeyRef.name` },
  ),
  changedGateway(
    "A15",
    "a provider's key as any variable",
    "Deployment/gateway",
    [...podSpec, "containers", 0, "envFrom"],
    [{ secretRef: { name: "provider-openai" } }],
    { path: `${template}.containers[0].envFrom[0].secretRef.name` },
  ),
  changedGateway(
    "A15",
    "a Secret that nobody knows",
    "Deployment/gateway-closed",
    [...podSpec, "volumes", 0],
    { name: "config", secret: { secretName: unknown } },
    { path: `${template}.volumes[0].secret.secretName` },
  ),
  changedGateway(
    "A15",
    "the key of the egress gateway in the closed proxy",
    "Deployment/gateway-closed",
    [...podSpec, "volumes", 0],
    { name: "config", secret: { secretName: "gateway-egress-key" } },
    { path: `${template}.volumes[0].secret.secretName` },
  ),
  changedGateway(
    "A15",
    "the keys of closed classes in the open proxy",
    "Deployment/gateway",
    [...podSpec, "volumes", 1, "projected", "sources", 1, "secret", "items", 0, "key"],
    "gateway-closed.json",
    { path: `${template}.volumes[1].projected.sources[1].secret.name` },
  ),
  changedGateway(
    "A15",
    "all keys in the open proxy",
    "Deployment/gateway",
    [...podSpec, "volumes", 1, "projected", "sources", 1, "secret", "items"],
    undefined,
    { path: `${template}.volumes[1].projected.sources[1].secret.name` },
  ),
  changedGateway(
    "A15",
    "another configuration of the closed proxy",
    "Deployment/gateway-closed",
    [...podSpec, "volumes", 0, "configMap", "name"],
    "gateway-envoy",
    { path: `${template}.volumes[0].configMap.name` },
  ),
  changedGateway(
    "A15",
    "a configuration of the closed proxy by a name that nobody knows",
    "Deployment/gateway-closed",
    [...podSpec, "volumes", 0, "configMap", "name"],
    unknown,
    { path: `${template}.volumes[0].configMap.name` },
  ),
];

const outward = (name: string, podSelector: Value, to: Value, port = 443) =>
  kube("networking.k8s.io/v1:NetworkPolicy", name, "gateway", {
    spec: {
      podSelector,
      policyTypes: ["Egress"],
      egress: [{ to: [to], ports: [{ protocol: "TCP", port }] }],
    },
  });
const pods = (instance: string) => ({
  matchLabels: { "app.kubernetes.io/name": "gateway", "app.kubernetes.io/instance": instance },
});
const world = { ipBlock: { cidr: "198.51.100.0/24" } };
const peerPath = "spec.egress[0].to[0]";

const ways: readonly Mutant[] = [
  addedToGateway(
    "A15",
    "a way out of the open proxy",
    outward("out", pods("gateway"), world),
    "NetworkPolicy gateway/out",
    peerPath,
  ),
  addedToGateway(
    "A15",
    "a way out of the closed proxy",
    outward("out", pods("gateway-closed"), world),
    "NetworkPolicy gateway/out",
    peerPath,
  ),
  addedToGateway(
    "A15",
    "a way out of the controller",
    outward("out", { matchLabels: { "app.kubernetes.io/instance": "gateway-routes" } }, world),
    "NetworkPolicy gateway/out",
    peerPath,
  ),
  changedGateway(
    "A15",
    "another port of the controller's",
    "NetworkPolicy/api-server-of-gateway-routes-out",
    ["spec", "egress", 0, "ports", 0, "port"],
    8443,
    { path: "spec.egress[0].to[0]" },
  ),
  {
    rule: "A15",
    title: "a way from the closed proxy to the egress gateway",
    resources: [
      ...gatewayChanged(
        "NetworkPolicy/external-road-of-gateway-in",
        ["spec", "ingress", 0, "from", 0, "podSelector"],
        {},
      ),
      outward("out", pods("gateway-closed"), { podSelector: pods("gateway-egress") }, road),
    ],
    object: "Deployment gateway/gateway-closed",
    path: "metadata.name",
  },
  {
    rule: "A15",
    title: "a way from the controller to the egress gateway",
    resources: [
      ...gatewayChanged(
        "NetworkPolicy/external-road-of-gateway-in",
        ["spec", "ingress", 0, "from", 0, "podSelector"],
        {},
      ),
      outward("out", {}, { podSelector: pods("gateway-egress") }, road),
    ],
    object: "Deployment gateway/gateway-routes",
    path: "metadata.name",
  },
  {
    rule: "A15",
    title: "a way from the closed proxy to another pod of the gateway",
    resources: [
      ...goodGateway,
      kube("v1:Pod", "x", "gateway", {
        metadata: { labels: { app: "x" } },
        spec: { containers: [] },
      }),
      outward("out", pods("gateway-closed"), { podSelector: {} }),
      kube("networking.k8s.io/v1:NetworkPolicy", "in", "gateway", {
        spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
      }),
    ],
    object: "Deployment gateway/gateway-closed",
    path: "metadata.name",
  },
  addedToGateway(
    "A15",
    "a way from the closed proxy to another namespace",
    outward("out", pods("gateway-closed"), {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "apps" } },
      podSelector: {},
    }),
    "NetworkPolicy gateway/out",
    peerPath,
  ),
  addedToGateway(
    "A15",
    "a pod of the gateway under no policy",
    kube("v1:Pod", "x", "gateway", { spec: { hostNetwork: true, containers: [] } }),
    "Pod gateway/x",
    "",
  ),
  changedGateway(
    "A15",
    "somebody else who may call the egress gateway",
    "NetworkPolicy/external-road-of-gateway-in",
    [
      "spec",
      "ingress",
      0,
      "from",
      0,
      "namespaceSelector",
      "matchLabels",
      "kubernetes.io/metadata.name",
    ],
    "apps",
    { path: "spec.ingress[0].from[0]" },
  ),
  changedGateway(
    "A15",
    "addresses that may call the egress gateway",
    "NetworkPolicy/external-road-of-gateway-in",
    ["spec", "ingress", 0, "from", 0],
    { ipBlock: { cidr: "10.30.0.0/24" } },
    { path: "spec.ingress[0].from[0]" },
  ),
  changedGateway(
    "A15",
    "everybody may call the egress gateway",
    "NetworkPolicy/external-road-of-gateway-in",
    ["spec", "ingress", 0, "from"],
    [],
    { path: "spec.ingress[0]" },
  ),
];

const counting: readonly Mutant[] = [
  changedGateway(
    "A15",
    "the counter's password in a proxy",
    "Deployment/gateway-closed",
    [...podSpec, "volumes", 0],
    { name: "config", secret: { secretName: "gateway-counter" } },
    { path: `${template}.volumes[0].secret.secretName` },
  ),
  {
    rule: "A15",
    title: "a way from the rate-limit service to an engine",
    resources: waysBetween("gateway-limits", { namespaceSelector: {}, podSelector: {} }, 8000),
    object: "Deployment gateway/gateway-limits",
    path: "metadata.name",
  },
  {
    rule: "A15",
    title: "a way from the counter to another pod of the gateway",
    resources: waysBetween("gateway-counter", { podSelector: {} }, 8082),
    object: "Deployment gateway/gateway-counter",
    path: "metadata.name",
  },
  {
    rule: "A15",
    title: "a way from a proxy to the counter",
    resources: waysBetween("gateway", { podSelector: {} }, 6379),
    object: "Deployment gateway/gateway",
    path: "metadata.name",
  },
  {
    rule: "A15",
    title: "a way out of the rate-limit service",
    resources: waysBetween("gateway-limits", { ipBlock: { cidr: "198.51.100.0/24" } }, 443),
    object: "NetworkPolicy gateway/more",
    path: "spec.egress[0].to[0]",
  },
];

/** One more way out of one kind of pod, and everybody in. */
function waysBetween(instance: string, to: Value, port: number) {
  return [
    ...goodGateway,
    outward("more", { matchLabels: { "app.kubernetes.io/instance": instance } }, to, port),
    kube("networking.k8s.io/v1:NetworkPolicy", "in", "gateway", {
      spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
    }),
  ];
}

export const taskClassWays: readonly Mutant[] = [...keys, ...ways, ...counting];
