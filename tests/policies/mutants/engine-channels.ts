import { unknown } from "../../../policies/model/value.ts";
import { goodResources, kube } from "../good-graph.ts";
import { unknownEngine, variableMutant, withoutVariable, wordsMutant } from "./engine-command.ts";
import { added, enginePath, type Mutant, policyMutant } from "./mutant.ts";

export const channels: readonly Mutant[] = [
  policyMutant(
    "A10",
    "every port",
    "from-gateway",
    ["spec", "ingress", 0, "ports"],
    undefined,
    "spec.ingress[0]",
  ),
  policyMutant(
    "A10",
    "a port of a channel",
    "from-gateway",
    ["spec", "ingress", 0, "ports", 1],
    { protocol: "TCP", port: 5600 },
    "spec.ingress[0].ports[1].port",
  ),
  policyMutant(
    "A10",
    "a range that begins at the API",
    "from-gateway",
    ["spec", "ingress", 0, "ports", 0, "endPort"],
    65_535,
    "spec.ingress[0].ports[0].endPort",
  ),
  policyMutant(
    "A10",
    "a port by a name that the pod does not have",
    "from-gateway",
    ["spec", "ingress", 0, "ports", 0, "port"],
    "store",
    "spec.ingress[0].ports[0].port",
  ),
  policyMutant(
    "A10",
    "every port to all pods of the namespace",
    "from-gateway",
    ["spec", "ingress", 0],
    { from: [{ podSelector: {} }] },
    "spec.ingress[0]",
  ),
  policyMutant(
    "A10",
    "every port from every pod to every pod",
    "from-gateway",
    ["spec"],
    { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] },
    "spec.ingress[0]",
  ),
  policyMutant(
    "A10",
    "an unknown port",
    "from-gateway",
    ["spec", "ingress", 0, "ports", 0, "port"],
    unknown,
    "spec.ingress[0].ports[0].port",
  ),
  {
    ...added(
      "A10",
      "every port among the replicas of two models",
      kube("networking.k8s.io/v1:NetworkPolicy", "group", "inference", {
        spec: {
          podSelector: { matchLabels: { tier: "models" } },
          policyTypes: ["Ingress"],
          ingress: [{ from: [{ podSelector: { matchLabels: { tier: "models" } } }] }],
        },
      }),
      "NetworkPolicy inference/group",
      "spec.ingress[0]",
    ),
    resources: [
      ...goodResources,
      ...["one", "two"].map((name) =>
        kube("core/v1:Pod", name, "inference", {
          metadata: { name, namespace: "inference", labels: { tier: "models" } },
          spec: { containers: [{ name: "c", command: ["vllm", "serve", "/m"] }] },
        }),
      ),
      kube("networking.k8s.io/v1:NetworkPolicy", "group", "inference", {
        spec: {
          podSelector: { matchLabels: { tier: "models" } },
          policyTypes: ["Ingress"],
          ingress: [{ from: [{ podSelector: { matchLabels: { tier: "models" } } }] }],
        },
      }),
    ],
  },
  {
    ...wordsMutant("A10", "several nodes without an address", ["--nnodes=2", "--node-rank=0"]),
    path: `${enginePath}.env`,
  },
  variableMutant(
    "A10",
    "a channel on every address",
    { name: "VLLM_NIXL_SIDE_CHANNEL_HOST", value: "0.0.0.0" },
    "",
  ),
  unknownEngine("A10"),
];

export const keys: readonly Mutant[] = [
  wordsMutant("A11", "a key on the command line", ["--api-key", "abc"]),
  wordsMutant("A11", "a key from a plain variable", ["--api-key=$(HOME)"]),
  withoutVariable("A11", "no key", "VLLM_API_KEY"),
  variableMutant("A11", "a plain key", { name: "VLLM_API_KEY", value: "abc" }, ""),
];
