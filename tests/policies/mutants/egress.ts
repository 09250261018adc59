import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { changed, goodResources, kube } from "../good-graph.ts";
import { added, type Mutant, policyMutant } from "./mutant.ts";

const policyType = "networking.k8s.io/v1:NetworkPolicy";
const namespaceOf = (name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

/** One more policy of the inference namespace, with one rule for the engine. */
function rule(id: string, title: string, egress: readonly Value[], path: string): Mutant {
  const spec = { podSelector: { matchLabels: { app: "llama" } }, policyTypes: ["Egress"], egress };
  const object = "NetworkPolicy inference/more";
  return added(id, title, kube(policyType, "more", "inference", { spec }), object, path);
}

function ingressRule(id: string, title: string, ingress: readonly Value[], path: string): Mutant {
  const spec = {
    podSelector: { matchLabels: { app: "llama" } },
    policyTypes: ["Ingress"],
    ingress,
  };
  const object = "NetworkPolicy inference/more";
  return added(id, title, kube(policyType, "more", "inference", { spec }), object, path);
}

const block = (cidr: string, more: ValueObject = {}) => ({ ipBlock: { cidr, ...more } });
const https = [{ protocol: "TCP", port: 443 }];
const without = (name: string) => goodResources.filter((each) => each.name !== name);
const engineObject = "Deployment inference/llama";

const acceptAll = kube(
  "policy.networking.k8s.io/v1alpha2:ClusterNetworkPolicy",
  "open",
  undefined,
  {
    spec: {
      tier: "Admin",
      priority: 10,
      subject: { namespaces: {} },
      egress: [{ action: "Accept", to: [{ networks: ["203.0.113.0/24"] }] }],
    },
  },
);

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

export const callers: readonly Mutant[] = [
  ingressRule("E12", "everybody", [{}], "spec.ingress[0]"),
  ingressRule(
    "E12",
    "every pod of the namespace",
    [{ from: [{ podSelector: {} }], ports: [{ port: 8000 }] }],
    "spec.ingress[0].from[0]",
  ),
  ingressRule(
    "E12",
    "another namespace",
    [{ from: [namespaceOf("shop")], ports: [{ port: 8000 }] }],
    "spec.ingress[0].from[0]",
  ),
  ingressRule(
    "E12",
    "callers by address",
    [{ from: [block("10.20.0.0/16")], ports: [{ port: 8000 }] }],
    "spec.ingress[0].from[0]",
  ),
  ingressRule(
    "E12",
    "the gateway on every port",
    [{ from: [namespaceOf("gateway")] }],
    "spec.ingress[0].ports",
  ),
  {
    rule: "E12",
    title: "no default deny for ingress, and no policy that selects the engine",
    resources: goodResources.filter(
      (each) => each.name !== "default-deny" && each.name !== "from-gateway",
    ),
    object: engineObject,
    path: "metadata.name",
  },
];

const service = (spec: ValueObject) => kube("core/v1:Service", "out", "inference", { spec });
const manual = service({ ports: [{ port: 443 }] });

export const outside: readonly Mutant[] = [
  added(
    "E13",
    "an alias of a name outside",
    service({ type: "ExternalName", externalName: "api.example.com" }),
    "Service inference/out",
    "spec.externalName",
  ),
  added(
    "E13",
    "an address that the Service takes over",
    service({ selector: { app: "llama" }, externalIPs: ["203.0.113.9"] }),
    "Service inference/out",
    "spec.externalIPs[0]",
  ),
  {
    rule: "E13",
    title: "endpoints that somebody wrote",
    resources: [
      ...goodResources,
      manual,
      kube("core/v1:Endpoints", "out", "inference", {
        subsets: [{ addresses: [{ ip: "203.0.113.9" }], ports: [{ port: 443 }] }],
      }),
    ],
    object: "Endpoints inference/out",
    path: "subsets[0].addresses[0].ip",
  },
  {
    rule: "E13",
    title: "a slice of endpoints beside those of a Service that selects pods",
    resources: [
      ...goodResources,
      kube("discovery.k8s.io/v1:EndpointSlice", "llama-more", "inference", {
        metadata: {
          name: "llama-more",
          namespace: "inference",
          labels: { "kubernetes.io/service-name": "llama" },
        },
        addressType: "IPv4",
        endpoints: [{ addresses: ["203.0.113.9"] }],
        ports: [{ port: 443 }],
      }),
    ],
    object: "EndpointSlice inference/llama-more",
    path: "endpoints[0].addresses[0]",
  },
  {
    rule: "E13",
    title: "an outside slice that claims to be the cluster's own",
    resources: [
      ...goodResources,
      kube("discovery.k8s.io/v1:EndpointSlice", "llama-own", "inference", {
        metadata: {
          name: "llama-own",
          namespace: "inference",
          labels: {
            "kubernetes.io/service-name": "llama",
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          },
        },
        addressType: "IPv4",
        endpoints: [{ addresses: ["203.0.113.9"] }],
        ports: [{ port: 443 }],
      }),
    ],
    object: "EndpointSlice inference/llama-own",
    path: "endpoints[0].addresses[0]",
  },
];

export const tiers: readonly Mutant[] = [
  added(
    "E16",
    "a policy of Calico",
    kube("projectcalico.org/v3:GlobalNetworkPolicy", "open", undefined, { spec: {} }),
    "GlobalNetworkPolicy open",
    "kind",
  ),
  added(
    "E16",
    "a policy of Cilium in the namespace",
    kube("cilium.io/v2:CiliumNetworkPolicy", "open", "inference", { spec: {} }),
    "CiliumNetworkPolicy inference/open",
    "kind",
  ),
  added(
    "E16",
    "a kind of policy that nobody knows",
    kube("net.example.com/v1:TeamNetworkPolicy", "open", "inference", { spec: {} }),
    "TeamNetworkPolicy inference/open",
    "kind",
  ),
];

export const startOrder: readonly Mutant[] = [
  {
    rule: "E17",
    title: "a workload that waits for nothing",
    resources: goodResources.map((each) =>
      each.name === "llama" && each.type.endsWith(":Deployment")
        ? { ...each, dependencies: [] }
        : each,
    ),
    object: engineObject,
    path: "metadata.name",
  },
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
