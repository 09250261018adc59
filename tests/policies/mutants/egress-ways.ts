import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { changed, goodResources, kube } from "../good-graph.ts";
import {
  acceptAll,
  block,
  engineObject,
  https,
  namespaceOf,
  policyType,
  rule,
  without,
} from "./egress-objects.ts";
import { added, type Mutant, policyMutant } from "./mutant.ts";

export const effective: readonly Mutant[] = [
  rule(
    "E01",
    "one address outside",
    [{ to: [block("203.0.113.7/32")], ports: https }],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E01",
    "one address of IPv6 outside",
    [{ to: [block("2001:db8::/32")], ports: https }],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E01",
    "the internet in two halves",
    [{ to: [block("10.20.0.0/16"), block("128.0.0.0/1"), block("0.0.0.0/1")], ports: https }],
    "spec.egress[0].to[1]",
  ),
  rule(
    "E01",
    "everything but private ranges",
    [{ to: [block("0.0.0.0/0", { except: ["10.0.0.0/8", "172.16.0.0/12"] })] }],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E01",
    "an allowed block on another port",
    [{ to: [block("10.20.0.0/16")], ports: [{ port: 22 }] }],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E01",
    "an allowed block on a range of ports that begins with the allowed one",
    [{ to: [block("10.20.0.0/16")], ports: [{ port: 443, endPort: 444 }] }],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E01",
    "an allowed block in another protocol",
    [{ to: [block("10.20.0.0/16")], ports: [{ protocol: "UDP", port: 443 }] }],
    "spec.egress[0].to[0]",
  ),
  rule("E01", "names anywhere", [{ ports: [{ protocol: "UDP", port: 53 }] }], "spec.egress[0]"),
  rule(
    "E01",
    "an exception of the wrong family",
    [{ to: [block("10.20.0.0/16", { except: ["::/0"] })], ports: https }],
    "spec.egress[0].to[0].ipBlock.except[0]",
  ),
  rule(
    "E01",
    "a block that is not known yet",
    [{ to: [block("10.20.0.0/16"), { ipBlock: { cidr: unknown } }] }],
    "spec.egress[0].to[1].ipBlock.cidr",
  ),
  rule(
    "E01",
    "a misspelt field that the API server would drop",
    [{ too: [block("10.20.0.0/16")] }],
    "spec.egress[0].too",
  ),
  {
    rule: "E01",
    title: "no default deny, and an ingress policy alone",
    resources: without("default-deny").filter((each) => each.name !== "to-store"),
    object: engineObject,
    path: "",
  },
  added(
    "E01",
    "an admin policy that accepts",
    acceptAll,
    "ClusterNetworkPolicy open",
    "spec.egress[0]",
  ),
  added(
    "E01",
    "a policy of a plugin",
    kube("cilium.io/v2:CiliumNetworkPolicy", "open", "inference", { spec: {} }),
    "CiliumNetworkPolicy inference/open",
    "kind",
  ),
  {
    rule: "E01",
    title: "the host's network",
    resources: changed("Deployment/llama", ["spec", "template", "spec", "hostNetwork"], true),
    object: engineObject,
    path: "",
  },
];

const toOther = { podSelector: { matchLabels: { app: "other" } }, policyTypes: ["Egress"] };

export const envelope: readonly Mutant[] = [
  added(
    "E02",
    "a way out for pods of a label that no pod has yet",
    kube(policyType, "other", "inference", {
      spec: { ...toOther, egress: [{ to: [block("203.0.113.0/24")] }] },
    }),
    "NetworkPolicy inference/other",
    "spec.egress[0].to[0]",
  ),
  {
    rule: "E02",
    title: "a default deny that leaves out pods without the label",
    resources: changed("NetworkPolicy/default-deny", ["spec", "podSelector"], {
      matchLabels: { app: "llama" },
    }),
    object: "Namespace inference",
    path: "",
  },
  {
    rule: "E02",
    title: "a default deny of all pods but one kind",
    resources: changed("NetworkPolicy/default-deny", ["spec", "podSelector"], {
      matchExpressions: [{ key: "debug", operator: "DoesNotExist" }],
    }),
    object: "Namespace inference",
    path: "",
  },
];

const relay = (spec: ValueObject): readonly Resource[] => [
  ...goodResources.filter((each) => each.name !== "to-store"),
  kube(policyType, "to-proxy", "inference", {
    spec: {
      podSelector: { matchLabels: { app: "llama" } },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ ...namespaceOf("gateway"), podSelector: { matchLabels: { app: "proxy" } } }],
          ports: https,
        },
      ],
    },
  }),
  kube(policyType, "proxy", "gateway", { spec: { podSelector: {}, ...spec } }),
];

export const relays: readonly Mutant[] = [
  {
    rule: "E03",
    title: "a proxy that nothing isolates",
    resources: relay({ policyTypes: ["Ingress"], ingress: [{}] }),
    object: engineObject,
    path: "metadata.name",
  },
  {
    rule: "E03",
    title: "a proxy with one address outside",
    resources: relay({
      policyTypes: ["Ingress", "Egress"],
      ingress: [{}],
      egress: [{ to: [block("203.0.113.7/32")], ports: https }],
    }),
    object: engineObject,
    path: "metadata.name",
  },
  {
    rule: "E03",
    title: "a proxy behind a proxy",
    resources: [
      ...relay({
        policyTypes: ["Ingress", "Egress"],
        ingress: [{}],
        egress: [{ to: [{ ...namespaceOf("monitoring"), podSelector: {} }] }],
      }),
      kube("apps/v1:Deployment", "scraper", "monitoring", {
        spec: { template: { metadata: { labels: { app: "scraper" } }, spec: { containers: [] } } },
      }),
    ],
    object: engineObject,
    path: "metadata.name",
  },
  rule(
    "E03",
    "pods of a namespace that another stack owns",
    [{ to: [{ ...namespaceOf("shared-proxy"), podSelector: { matchLabels: { app: "squid" } } }] }],
    "spec.egress[0].to[0]",
  ),
];
/** Kept apart from the mutants of one field: policies whose rules only matter together. */
export const together: readonly Mutant[] = [
  policyMutant(
    "E01",
    "a store policy without its ports",
    "to-store",
    ["spec", "egress", 0, "ports"],
    undefined,
    "spec.egress[0].to[0]",
  ),
];
