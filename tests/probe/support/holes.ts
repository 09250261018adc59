import type { Policy } from "../nft-reference.ts";
import { world } from "./topology.ts";

/** A way out that somebody left open, and what the probe must say of it. */
export interface Hole {
  readonly title: string;
  /** What passes, as nftables matches it. */
  readonly outward: string;
  readonly seen: RegExp;
}

export const holes: readonly Hole[] = [
  { title: "all of IPv4", outward: "meta nfproto ipv4", seen: /^world: ipv4 tcp/ },
  { title: "all of IPv6", outward: "meta nfproto ipv6", seen: /^world: ipv6 tcp/ },
  { title: "TCP alone", outward: "meta l4proto tcp", seen: /^first-packet: ipv4 tcp/ },
  { title: "UDP alone", outward: "meta l4proto udp", seen: /^world: ipv4 udp/ },
  {
    title: "UDP of IPv6 alone",
    outward: "meta nfproto ipv6 meta l4proto udp",
    seen: /^world: ipv6 udp/,
  },
  { title: "ICMP alone", outward: "meta l4proto icmp", seen: /^world: ipv4 icmp/ },
  {
    title: "ICMPv6 to routed addresses alone",
    outward: "ip6 daddr 2000::/3 meta l4proto icmpv6",
    seen: /^world: ipv6 icmp/,
  },
  { title: "one port", outward: "tcp dport 9418", seen: /^world: ipv4 tcp to \S+ port 9418/ },
  { title: "time over UDP", outward: "udp dport 123", seen: /^world: ipv4 udp to \S+ port 123/ },
  {
    title: "every high port, none of which the plan lists",
    outward: "tcp dport 20000-65535",
    seen: /^world: ipv4 tcp to \S+ port [23]\d{4}: /,
  },
  {
    title: "the pod's own resolver",
    outward: `ip daddr ${world.resolver} udp dport 53`,
    seen: /^dns: ipv4 udp to 10\.96\.0\.10 port 53: answered: a name server answered: DNS code 0/,
  },
  { title: "names over TCP", outward: "tcp dport 53", seen: /^dns: ipv4 tcp/ },
  {
    title: "the resolver of a cloud",
    outward: `ip daddr ${world.cloudResolver}`,
    seen: /^dns: ipv4 (udp|tcp) to 169\.254\.169\.253/,
  },
  {
    title: "the metadata service",
    outward: `ip daddr ${world.metadata} tcp dport 80`,
    seen: /^metadata: ipv4 tcp to 169\.254\.169\.254 port 80: answered/,
  },
  {
    title: "the metadata service over IPv6",
    outward: `ip6 daddr ${world.metadata6}`,
    seen: /^metadata: ipv6 tcp to fd00:ec2::254/,
  },
  {
    title: "the API server",
    outward: `ip daddr ${world.apiServer}`,
    seen: /^api-server: ipv4 tcp to 10\.96\.0\.1 port 443/,
  },
  {
    title: "a port of the node",
    outward: "ip daddr 10.244.1.1 tcp dport 10250",
    seen: /^node: ipv4 tcp to 10\.244\.1\.1 port 10250: refused/,
  },
  {
    title: "the node by its link-local address",
    outward: "ip6 daddr fe80::/10",
    seen: /^link-local: ipv6 /,
  },
];

const isDeny = ({ metadata }: Policy) => metadata.name === "default-deny";

/** Network policies as a colleague might leave them: one policy becomes none, another or several. */
export const weakened: readonly {
  readonly title: string;
  readonly change: (policy: Policy) => readonly Policy[];
}[] = [
  { title: "without its default deny", change: (one) => (isDeny(one) ? [] : [one]) },
  {
    title: "with a default deny of one direction",
    change: (one) =>
      isDeny(one) ? [{ ...one, spec: { ...one.spec, policyTypes: ["Ingress"] } }] : [one],
  },
  {
    title: "with a default deny that selects other pods",
    change: (one) =>
      isDeny(one)
        ? [{ ...one, spec: { ...one.spec, podSelector: { matchLabels: { app: "vllm" } } } }]
        : [one],
  },
  {
    title: "with an empty egress rule beside it",
    change: (one) =>
      isDeny(one)
        ? [one, { ...one, spec: { ...one.spec, egress: [{ to: [], ports: [] }] } }]
        : [one],
  },
  {
    title: "with port 443 to everywhere, as in many examples",
    change: (one) =>
      isDeny(one)
        ? [
            one,
            {
              ...one,
              spec: {
                ...one.spec,
                egress: [
                  {
                    to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }],
                    ports: [{ protocol: "TCP", port: 443 }],
                  },
                ],
              },
            },
          ]
        : [one],
  },
];
