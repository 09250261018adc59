import { changed, kube } from "../good-graph.ts";
import { block, https, ingressRule, rule } from "./egress-objects.ts";
import { added, type Mutant } from "./mutant.ts";

export const parity: readonly Mutant[] = [
  rule(
    "E08",
    "a rule on a family that no pod has",
    [{ to: [block("fd00:20::/64")], ports: https }],
    "spec.egress[0].to[0]",
  ),
  {
    rule: "E08",
    title: "a Service that prefers two families",
    resources: changed("Service/llama", ["spec", "ipFamilyPolicy"], "PreferDualStack"),
    object: "Service inference/llama",
    path: "spec.ipFamilyPolicy",
  },
  {
    rule: "E08",
    title: "a Service of two families",
    resources: changed("Service/llama", ["spec", "ipFamilies"], ["IPv4", "IPv6"]),
    object: "Service inference/llama",
    path: "spec.ipFamilies",
  },
  added(
    "E08",
    "an admin policy that denies one family",
    kube("policy.networking.k8s.io/v1alpha2:ClusterNetworkPolicy", "deny", undefined, {
      spec: {
        tier: "Admin",
        priority: 1,
        subject: { namespaces: {} },
        egress: [{ action: "Deny", to: [{ networks: ["0.0.0.0/0"] }] }],
      },
    }),
    "ClusterNetworkPolicy deny",
    "spec.egress[0]",
  ),
];

export const metadata: readonly Mutant[] = [
  rule(
    "E09",
    "the metadata address",
    [{ to: [block("169.254.169.254/32")], ports: [{ port: 80 }] }],
    "spec.egress[0].to[0]",
  ),
  rule("E09", "link-local addresses", [{ to: [block("169.254.0.0/16")] }], "spec.egress[0].to[0]"),
  rule(
    "E09",
    "the metadata address of IPv6",
    [{ to: [block("fd00:ec2::/32")] }],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E09",
    "everything but the one metadata address that everybody knows",
    [{ to: [block("0.0.0.0/0", { except: ["169.254.169.254/32"] })] }],
    "spec.egress[0].to[0]",
  ),
];

export const ranges: readonly Mutant[] = [
  rule(
    "E10",
    "the range of pods",
    [{ to: [block("10.244.0.0/16")] }],
    "spec.egress[0].to[0].ipBlock.cidr",
  ),
  rule(
    "E10",
    "the address of one Service",
    [{ to: [block("10.96.0.1/32")] }],
    "spec.egress[0].to[0].ipBlock.cidr",
  ),
  rule(
    "E10",
    "a block that holds the nodes",
    [{ to: [block("10.8.0.0/13")] }],
    "spec.egress[0].to[0].ipBlock.cidr",
  ),
  ingressRule(
    "E10",
    "callers by the range of nodes",
    [{ from: [block("10.10.0.0/16")] }],
    "spec.ingress[0].from[0].ipBlock.cidr",
  ),
];

export const peers: readonly Mutant[] = [
  rule(
    "E11",
    "every namespace",
    [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "x" } } }] }],
    "spec.egress[0].to[0].namespaceSelector",
  ),
  rule(
    "E11",
    "namespaces by a label of their owners",
    [{ to: [{ namespaceSelector: { matchLabels: { team: "ml" } } }] }],
    "spec.egress[0].to[0].namespaceSelector",
  ),
  rule(
    "E11",
    "every namespace but some",
    [
      {
        to: [
          {
            namespaceSelector: {
              matchExpressions: [
                { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["default"] },
              ],
            },
          },
        ],
      },
    ],
    "spec.egress[0].to[0].namespaceSelector",
  ),
  ingressRule(
    "E11",
    "callers by a label of their owners",
    [{ from: [{ namespaceSelector: { matchLabels: { role: "gateway" } } }] }],
    "spec.ingress[0].from[0].namespaceSelector",
  ),
];
