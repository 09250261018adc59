import type { Leak } from "../leak.ts";
import { add, all, edit, kube } from "../support/change.ts";
import { append, merge, replace, set, unset } from "../support/edit.ts";
import { engine, enginePod, model } from "../support/engine.ts";
import { allowEgress, block, configFile, engineLabels, https, podsOf } from "../support/objects.ts";

const dns = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];
const outside = "203.0.113.9";

/** A server block of CoreDNS that asks an upstream. */
function corefile(upstream: string): readonly string[] {
  return [
    ".:53 {",
    "    errors",
    "    kubernetes cluster.local in-addr.arpa ip6.arpa",
    `    forward . ${upstream}`,
    "    cache 30",
    "}",
  ];
}

/** The only policy that lets names be resolved as it should be: pinned, and to the resolver alone. */
const toResolver = allowEgress(
  "inference/resolver",
  [{ to: [podsOf("kube-system", { "k8s-app": "kube-dns" })], ports: dns }],
  { matchLabels: engineLabels },
);

/** Names and addresses that mean something else than they seem to. Rows 18 to 21. */
export const names: readonly Leak[] = [
  {
    row: 18,
    title: "Data in the labels of names that an allowed resolver asks the outside for",
    catchers: ["E06", "E07"],
    column: "policy",
    variants: [
      {
        name: "forward-to-node",
        title: "the cluster's resolver forwards to that of its node",
        stack: "staging-cluster",
        change: edit(
          "Addon",
          "dns",
          replace(
            "configurationValues",
            "    cache 30\\n",
            "    forward . /etc/resolv.conf\\n    cache 30\\n",
          ),
        ),
      },
      {
        name: "stub-domain",
        title: "one domain of a partner is forwarded, in a server block of its own",
        stack: "staging-cluster",
        change: edit(
          "Addon",
          "dns",
          replace(
            "configurationValues",
            ".:53 {",
            `partner.example.com:53 {\\n    forward . ${outside}\\n}\\n.:53 {`,
          ),
        ),
      },
      {
        name: "addon-default",
        title: "the resolver's add-on without a Corefile, whose default forwards",
        stack: "staging-cluster",
        change: edit("Addon", "dns", unset("configurationValues")),
      },
      {
        name: "engine-asks-names",
        title: "the engine may ask the resolver, and the resolver asks a public one",
        stack: "prod",
        change: add(toResolver, configFile("kube-system/coredns", "Corefile", corefile("8.8.8.8"))),
      },
      {
        name: "unseen-resolver",
        title: "the engine may ask a resolver that nobody declared",
        stack: "staging",
        change: add(toResolver),
      },
    ],
  },
  {
    row: 19,
    title: "The pod resolves names its own way",
    catchers: ["W09"],
    column: "policy",
    variants: [
      {
        name: "public-resolver",
        title: "a public resolver instead of the cluster's",
        stack: "prod",
        change: enginePod(
          merge("spec", { dnsPolicy: "None", dnsConfig: { nameservers: ["1.1.1.1"] } }),
        ),
      },
      {
        name: "added-resolver",
        title: "a public resolver beside the cluster's",
        stack: "staging",
        change: enginePod(merge("spec", { dnsConfig: { nameservers: ["2606:4700:4700::1111"] } })),
      },
      {
        name: "node-resolver",
        title: "the resolver of the node",
        stack: "prod",
        change: enginePod(set("spec.dnsPolicy", "Default")),
      },
      {
        name: "host-alias",
        title: "a name of the cluster stands for an address outside",
        stack: "dev",
        change: enginePod(
          set("spec.hostAliases", [{ ip: outside, hostnames: ["gateway.gateway.svc"] }]),
        ),
      },
      {
        name: "hosts-file",
        title: "a file is mounted over the list of hosts",
        stack: "staging",
        change: all(
          add(configFile("inference/hosts", "hosts", [`${outside} gateway.gateway.svc`])),
          enginePod(append("spec.volumes", { name: "hosts", configMap: { name: "hosts" } })),
          engine(
            append("volumeMounts", { name: "hosts", mountPath: "/etc/hosts", subPath: "hosts" }),
          ),
        ),
      },
    ],
  },
  {
    row: 20,
    title: "A Service of the cluster that stands for a place outside",
    catchers: ["E13"],
    column: "policy",
    variants: [
      {
        name: "external-name",
        title: "a Service that is another name of a public host",
        stack: "prod",
        change: add(
          kube("v1", "Service", "inference/telemetry", {
            spec: { type: "ExternalName", externalName: "collector.example.com" },
          }),
        ),
      },
      {
        name: "foreign-slice",
        title: "a Service without selector, and a slice with an address outside",
        stack: "staging",
        change: add(
          kube("v1", "Service", "inference/cache", {
            spec: { ports: [{ name: "https", port: 443, protocol: "TCP" }] },
          }),
          kube("discovery.k8s.io/v1", "EndpointSlice", "inference/cache-1", {
            metadata: { labels: { "kubernetes.io/service-name": "cache" } },
            addressType: "IPv4",
            ports: [{ name: "https", port: 443, protocol: "TCP" }],
            endpoints: [{ addresses: [outside], conditions: { ready: true } }],
          }),
        ),
      },
      {
        name: "foreign-endpoints",
        title: "the same in the older kind",
        stack: "prod",
        change: add(
          kube("v1", "Service", "inference/cache", {
            spec: { ports: [{ name: "https", port: 443, protocol: "TCP" }] },
          }),
          kube("v1", "Endpoints", "inference/cache", {
            subsets: [
              {
                addresses: [{ ip: outside }],
                ports: [{ name: "https", port: 443, protocol: "TCP" }],
              },
            ],
          }),
        ),
      },
      {
        name: "external-address",
        title: "the engine's Service claims an address outside",
        stack: "staging",
        change: edit("Service", model, set("spec.externalIPs", [outside])),
      },
    ],
  },
  {
    row: 21,
    title: "A block of Service addresses, before or after whose translation nobody knows",
    catchers: ["E10"],
    column: "policy",
    variants: [
      {
        name: "service-range",
        title: "the whole range of Service addresses",
        stack: "prod",
        change: add(
          allowEgress("inference/services", [{ to: [block("10.96.0.0/16")], ports: [https] }]),
        ),
      },
      {
        name: "one-service",
        title: "the one address of the API server",
        stack: "staging",
        change: add(
          allowEgress("inference/api", [{ to: [block("172.20.0.1/32")], ports: [https] }], {
            matchLabels: engineLabels,
          }),
        ),
      },
    ],
  },
];
