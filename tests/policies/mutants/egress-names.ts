import { unknown, type Value } from "../../../policies/model/value.ts";
import { goodResources, kube } from "../good-graph.ts";
import { block, namespaceOf, policyType, rule } from "./egress-objects.ts";
import type { Mutant } from "./mutant.ts";

export const resolvers: readonly Mutant[] = [
  rule(
    "E06",
    "names from every address",
    [{ ports: [{ protocol: "UDP", port: 53 }] }],
    "spec.egress[0]",
  ),
  rule(
    "E06",
    "names from a public server",
    [{ to: [block("9.9.9.9/32")], ports: [{ protocol: "UDP", port: 53 }] }],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E06",
    "names from any pod of kube-system",
    [{ to: [namespaceOf("kube-system")], ports: [{ protocol: "UDP", port: 53 }] }],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E06",
    "names from the resolver's label in any namespace",
    [
      {
        to: [{ namespaceSelector: {}, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
        ports: [{ protocol: "UDP", port: 53 }],
      },
    ],
    "spec.egress[0].to[0]",
  ),
  rule(
    "E06",
    "more of the resolver than names",
    [
      {
        to: [
          {
            ...namespaceOf("kube-system"),
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
      },
    ],
    "spec.egress[0].ports",
  ),
];

const askDns = kube(policyType, "dns", "inference", {
  spec: {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [
          {
            ...namespaceOf("kube-system"),
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [{ protocol: "UDP", port: 53 }],
      },
    ],
  },
});
const dnsPod = kube("apps/v1:Deployment", "coredns", "kube-system", {
  spec: { template: { metadata: { labels: { "k8s-app": "kube-dns" } }, spec: { containers: [] } } },
});
const corefile = (text: Value) =>
  kube("core/v1:ConfigMap", "coredns", "kube-system", { data: { Corefile: text } });
const resolver = (title: string, text: Value): Mutant => ({
  rule: "E07",
  title,
  resources: [...goodResources, askDns, dnsPod, corefile(text)],
  object: "ConfigMap kube-system/coredns",
  path: "data.Corefile",
});

export const recursion: readonly Mutant[] = [
  resolver(
    "a resolver that asks whom its node asks",
    ".:53 {\n  kubernetes cluster.local\n  forward . /etc/resolv.conf\n}\n",
  ),
  resolver(
    "a resolver that asks a public server in one zone",
    "example.com:53 {\n  forward . 1.1.1.1\n}\n",
  ),
  resolver("a plugin that asks a cloud", ".:53 {\n  route53 example.com:Z1\n}\n"),
  resolver(
    "an import of something unseen",
    "import /etc/coredns/custom/*.server\n.:53 {\n  errors\n}\n",
  ),
  resolver("a Corefile that is not known yet", unknown),
  {
    rule: "E07",
    title: "a resolver without a Corefile in the stack",
    resources: [...goodResources, askDns, dnsPod],
    object: "NetworkPolicy inference/dns",
    path: "spec.egress[0].to[0]",
  },
];
