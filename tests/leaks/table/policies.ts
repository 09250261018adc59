import type { Leak } from "../leak.ts";
import { add, edit } from "../support/change.ts";
import { set, unset } from "../support/edit.ts";
import {
  allowEgress,
  allowIngress,
  block,
  engineLabels,
  https,
  podsOf,
} from "../support/objects.ts";

const deny = "isolation-inference-default-deny";
const dns = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];

/** The model of NetworkPolicy: what one policy denies another allows. Rows 1 to 7. */
export const policyModel: readonly Leak[] = [
  {
    row: 1,
    title: "A second policy allows what the default deny denies",
    catchers: ["E01"],
    column: "policy",
    variants: [
      {
        name: "to-one-host",
        title: "the engine may report to one host of a vendor",
        stack: "prod",
        change: add(
          allowEgress(
            "inference/licence-server",
            [{ to: [block("203.0.113.10/32")], ports: [https] }],
            { matchLabels: engineLabels },
          ),
        ),
      },
      {
        name: "two-halves",
        title: "two halves of the internet, neither of them 0.0.0.0/0, for pods that have a label",
        stack: "staging",
        change: add(
          allowEgress(
            "inference/fetch",
            [{ to: [block("0.0.0.0/1"), block("128.0.0.0/1")], ports: [https] }],
            { matchExpressions: [{ key: "app.kubernetes.io/instance", operator: "Exists" }] },
          ),
        ),
      },
      {
        name: "inside-a-list",
        title: "the policy stands in a list of policies, as a manifest of many objects holds it",
        stack: "prod",
        change: add({
          type: "kubernetes:networking.k8s.io/v1:NetworkPolicyList",
          name: "extra",
          properties: {
            items: [
              allowEgress("inference/extra", [{ to: [block("203.0.113.10/32")], ports: [https] }])
                .properties,
            ],
          },
        }),
      },
    ],
  },
  {
    row: 2,
    title: "A policy that isolates pods for ingress alone",
    catchers: ["E04"],
    column: "policy",
    variants: [
      {
        name: "types-left-out",
        title: "policyTypes was tidied away, and without egress rules it means ingress",
        stack: "prod",
        change: edit("NetworkPolicy", deny, unset("spec.policyTypes")),
      },
      {
        name: "ingress-only",
        title: "the default deny names ingress only",
        stack: "dev",
        change: edit("NetworkPolicy", deny, set("spec.policyTypes", ["Ingress"])),
      },
    ],
  },
  {
    row: 3,
    title: "An egress rule without a destination reaches every destination",
    catchers: ["E01", "E06"],
    column: "policy",
    variants: [
      {
        name: "dns-anywhere",
        title: "port 53 for name resolution, to any server in the world",
        stack: "prod",
        change: add(allowEgress("inference/dns", [{ ports: dns }])),
      },
      {
        name: "udp-53-anywhere",
        title: "UDP 53 alone, with an empty list of destinations",
        stack: "staging",
        change: add(allowEgress("inference/dns", [{ to: [], ports: dns.slice(0, 1) }])),
      },
      {
        name: "empty-rule",
        title: "one empty rule",
        stack: "dev",
        change: add(allowEgress("inference/debug", [{}], { matchLabels: engineLabels })),
      },
    ],
  },
  {
    row: 4,
    title: "An address block that is wider than it looks",
    catchers: ["E01"],
    column: "policy",
    variants: [
      {
        name: "all-but-private",
        title: "everything except the private ranges, which is the internet",
        stack: "prod",
        change: add(
          allowEgress("inference/no-lan", [
            { to: [block("0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")] },
          ]),
        ),
      },
      {
        name: "provider-range",
        title: "a whole range of a cloud provider, where anybody rents an address",
        stack: "staging",
        change: add(
          allowEgress("inference/object-store", [{ to: [block("52.0.0.0/8")], ports: [https] }], {
            matchLabels: engineLabels,
          }),
        ),
      },
    ],
  },
  {
    row: 5,
    title: "IPv6 that nobody thought of",
    catchers: ["E08"],
    column: "policy",
    variants: [
      {
        name: "world-by-ipv6",
        title: "the global unicast range of IPv6 beside a careful IPv4 policy",
        stack: "prod",
        change: add(
          allowEgress("inference/six", [{ to: [block("2000::/3")], ports: [https] }], {
            matchLabels: engineLabels,
          }),
        ),
      },
      {
        name: "link-local",
        title: "neighbours on the link, for service discovery",
        stack: "staging",
        change: add(allowEgress("inference/discovery", [{ to: [block("fe80::/10")] }])),
      },
      {
        name: "cluster-of-the-other-family",
        title: "the EKS cluster turns to IPv6, where a pod's translated IPv4 path has no policy",
        stack: "staging-cluster",
        change: edit("Cluster", "cluster", set("kubernetesNetworkConfig", { ipFamily: "ipv6" })),
      },
    ],
  },
  {
    row: 6,
    title: "A pod whose labels no policy selects, or whose labels a generous one does",
    catchers: ["E02"],
    column: "policy",
    variants: [
      {
        name: "label-nobody-has-yet",
        title: "egress for a label that no workload of the stack carries, and any pod can take",
        stack: "prod",
        change: add(
          allowEgress(
            "inference/evaluation",
            [{ to: [block("198.51.100.0/24")], ports: [https] }],
            { matchLabels: { app: "evaluation" } },
          ),
        ),
      },
      {
        name: "all-but-the-engine",
        title: "egress for whatever is not the engine, such as a pod that an operator makes",
        stack: "staging",
        change: add(
          allowEgress("inference/tools", [{ to: [block("198.51.100.0/24")], ports: [https] }], {
            matchExpressions: [
              { key: "app.kubernetes.io/name", operator: "NotIn", values: ["vllm"] },
            ],
          }),
        ),
      },
      {
        name: "deny-for-labelled-pods",
        title: "the default deny selects the product's own label, so other pods are open",
        stack: "prod",
        change: edit(
          "NetworkPolicy",
          deny,
          set("spec.podSelector", {
            matchLabels: { "app.kubernetes.io/part-of": "private-llm" },
          }),
        ),
      },
    ],
  },
  {
    row: 7,
    title: "A namespace is chosen by a label that its owner can set, or not at all",
    catchers: ["E11"],
    column: "policy",
    variants: [
      {
        name: "egress-to-any-namespace",
        title: "pods of every namespace, tenants' own included",
        stack: "prod",
        change: add(
          allowEgress("inference/mesh", [{ to: [{ namespaceSelector: {} }], ports: [https] }], {
            matchLabels: engineLabels,
          }),
        ),
      },
      {
        name: "custom-label",
        title: "namespaces that say of themselves that they belong to the platform",
        stack: "staging",
        change: add(
          allowEgress("inference/platform", [
            { to: [{ namespaceSelector: { matchLabels: { team: "platform" } } }], ports: [https] },
          ]),
        ),
      },
      {
        name: "ingress-from-any-namespace",
        title: "the gateway's half of the edge loses its namespace",
        stack: "prod",
        change: add(
          allowIngress(
            "inference/callers",
            [{ from: [{ ...podsOf("gateway"), namespaceSelector: {} }], ports: [https] }],
            { matchLabels: engineLabels },
          ),
        ),
      },
    ],
  },
];
