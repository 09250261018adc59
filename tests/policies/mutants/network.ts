import { unknown, type Value } from "../../../policies/model/value.ts";
import { changed, goodResources, kube } from "../good-graph.ts";
import { added, type Mutant, policyMutant } from "./mutant.ts";

const withoutDefaultDeny = goodResources.filter((each) => each.name !== "default-deny");

const noDeny = { object: "Namespace inference", path: "metadata.name" };

export const defaultDeny: readonly Mutant[] = [
  { rule: "E04", title: "no default deny", resources: withoutDefaultDeny, ...noDeny },
  {
    rule: "E04",
    title: "default deny for ingress only",
    resources: changed("NetworkPolicy/default-deny", ["spec", "policyTypes"], ["Ingress"]),
    ...noDeny,
  },
  {
    rule: "E04",
    title: "default deny that selects some pods",
    resources: changed("NetworkPolicy/default-deny", ["spec", "podSelector"], {
      matchLabels: { app: "llama" },
    }),
    ...noDeny,
  },
  {
    rule: "E04",
    title: "default deny in another namespace",
    resources: changed("NetworkPolicy/default-deny", ["metadata", "namespace"], "gateway"),
    ...noDeny,
  },
  {
    rule: "E04",
    title: "default deny with a rule",
    resources: changed(
      "NetworkPolicy/default-deny",
      ["spec", "egress"],
      [{ to: [{ podSelector: {} }] }],
    ),
    ...noDeny,
  },
  {
    rule: "E04",
    title: "default deny of a group that no API server serves",
    resources: goodResources.map((each) =>
      each.name === "default-deny"
        ? { ...each, type: "kubernetes:extensions/v1beta1:NetworkPolicy" }
        : each,
    ),
    ...noDeny,
  },
  added(
    "E04",
    "second policy of the same name, which replaces the default deny",
    kube(
      "networking.k8s.io/v1:NetworkPolicy",
      "default-deny",
      "inference",
      { spec: { podSelector: { matchLabels: { app: "a" } }, policyTypes: ["Ingress", "Egress"] } },
      {
        urn: "urn:pulumi:test::private-llm::kubernetes:networking.k8s.io/v1:NetworkPolicy::second",
      },
    ),
    "NetworkPolicy inference/default-deny",
    "metadata.name",
  ),
  policyMutant(
    "E04",
    "policy without policyTypes",
    "to-store",
    ["spec", "policyTypes"],
    undefined,
    "spec.policyTypes",
  ),
];

const toPeer = ["spec", "egress", 0, "to", 0] as const;
const toPeerPath = "spec.egress[0].to[0]";

function blockMutant(title: string, cidr: Value): Mutant {
  const path = [...toPeer, "ipBlock", "cidr"];
  return policyMutant("E05", title, "to-store", path, cidr, `${toPeerPath}.ipBlock.cidr`);
}

export const openPolicies: readonly Mutant[] = [
  blockMutant("all of IPv4", "0.0.0.0/0"),
  blockMutant("all of IPv4 under another address", "10.0.0.0/0"),
  blockMutant("half of IPv4", "128.0.0.0/1"),
  blockMutant("all of IPv6", "::/0"),
  blockMutant("all of IPv6 written out", "0:0:0:0:0:0:0:0/0"),
  blockMutant("IPv4 as mapped IPv6", "::ffff:0.0.0.0/96"),
  blockMutant("IPv4 through NAT64", "64:ff9b::/96"),
  blockMutant("a block that is no block", "everywhere"),
  blockMutant("an unknown block", unknown),
  policyMutant(
    "E05",
    "all of IPv4 but the metadata address",
    "to-store",
    [...toPeer, "ipBlock"],
    { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] },
    `${toPeerPath}.ipBlock.cidr`,
  ),
  policyMutant("E05", "empty egress rule", "to-store", ["spec", "egress"], [{}], "spec.egress[0]"),
  policyMutant(
    "E05",
    "egress rule with ports only",
    "to-store",
    ["spec", "egress"],
    [{ ports: [{ port: 443 }] }],
    "spec.egress[0].to",
  ),
  policyMutant(
    "E05",
    "egress rule with an empty list of peers",
    "to-store",
    ["spec", "egress"],
    [{ to: [], ports: [{ port: 443 }] }],
    "spec.egress[0].to",
  ),
  policyMutant(
    "E05",
    "ingress rule that undoes the default deny",
    "from-gateway",
    ["spec", "ingress"],
    [{}],
    "spec.ingress[0]",
  ),
  policyMutant(
    "E05",
    "ingress rule from anywhere to every TCP port",
    "from-gateway",
    ["spec", "ingress"],
    [{ ports: [{ protocol: "TCP" }] }],
    "spec.ingress[0].ports[0]",
  ),
  policyMutant(
    "E05",
    "ingress rule from anywhere to a wide range of ports",
    "from-gateway",
    ["spec", "ingress"],
    [{ ports: [{ protocol: "TCP", port: 1, endPort: 65535 }] }],
    "spec.ingress[0].ports[0].endPort",
  ),
  policyMutant(
    "E05",
    "every pod of every namespace",
    "to-store",
    [...toPeer],
    { namespaceSelector: {} },
    `${toPeerPath}.namespaceSelector`,
  ),
  policyMutant(
    "E05",
    "every namespace by a label that each has",
    "to-store",
    [...toPeer],
    {
      namespaceSelector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }],
      },
    },
    `${toPeerPath}.namespaceSelector`,
  ),
  added(
    "E05",
    "additive policy that allows all egress",
    kube("networking.k8s.io/v1:NetworkPolicy", "allow-all", "inference", {
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
    }),
    "NetworkPolicy inference/allow-all",
    "spec.egress[0]",
  ),
  added(
    "E05",
    "open policy inside a list",
    kube("networking.k8s.io/v1:NetworkPolicyList", "policies", undefined, {
      items: [
        {
          metadata: { name: "listed", namespace: "inference" },
          spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
        },
      ],
    }),
    "NetworkPolicy inference/listed",
    "items[0].spec.egress[0]",
  ),
];
