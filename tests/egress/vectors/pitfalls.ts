import { denyEgress, manifest, namespaceObject, object, policy } from "../support/resources.ts";
import { selectorPitfalls } from "./selector-pitfalls.ts";
import { app, byName, deployment, egressPolicy, https, pod, template, toBlock } from "./stack.ts";
import type { Vector } from "./vector.ts";

const web = deployment("shop", "web");
const key = "shop/Deployment/web";
const to10 = { to: [toBlock("10.0.0.0/8")], ports: [https] };
const only10 = ["10.0.0.0/8 TCP 443"];
/** Faults of other analysers, and of this one if somebody makes them: each names the test that goes red. */
export const pitfallVectors: readonly Vector[] = [
  {
    title: "the sample that scanners pass: default deny, DNS to anywhere, HTTPS to 0.0.0.0/0",
    resources: [
      namespaceObject("shop"),
      web,
      policy("shop", "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
      egressPolicy("shop", "allow-dns", [
        {
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ]),
      egressPolicy("shop", "allow-https", [{ to: [toBlock("0.0.0.0/0")], ports: [https] }]),
    ],
    workload: key,
    isolated: true,
    external: [
      "0.0.0.0/0 UDP 53",
      "0.0.0.0/0 TCP 53",
      "::/0 UDP 53",
      "::/0 TCP 53",
      "0.0.0.0/0 TCP 443",
    ],
    because: [
      "NetworkPolicy shop/allow-dns spec.egress[0]",
      "NetworkPolicy shop/allow-https spec.egress[0].to[0]",
    ],
  },
  {
    title: "mutation: a policy of the wrong namespace",
    resources: [web, denyEgress("bank")],
    workload: key,
    isolated: false,
    external: ["everything"],
  },
  ...selectorPitfalls,
  {
    title: "mutation: absent egress read as allowing",
    resources: [web, policy("shop", "p", { podSelector: {}, policyTypes: ["Egress"] })],
    workload: key,
    isolated: true,
    external: [],
  },
  {
    title: "mutation: an empty rule read as denying",
    resources: [web, egressPolicy("shop", "p", [{}])],
    workload: key,
    isolated: true,
    external: ["everything"],
  },
  {
    title: "mutation: IPv6 read as IPv4",
    resources: [
      web,
      egressPolicy("shop", "p", [{ to: [toBlock("2001:db8::/32"), toBlock("::/0")] }]),
    ],
    workload: key,
    isolated: true,
    external: ["::/0 all"],
  },
  {
    title: "mutation: an exception of IPv6 taken from IPv4",
    resources: [
      web,
      egressPolicy("shop", "p", [
        { to: [toBlock("0.0.0.0/0"), toBlock("::/0", "::/1")], ports: [https] },
      ]),
    ],
    workload: key,
    isolated: true,
    external: ["0.0.0.0/0 TCP 443", "8000::/1 TCP 443"],
  },
  {
    title: "mutation: the protocol of a named port ignored",
    resources: [
      pod("shop", "a", "10.244.0.1"),
      pod("shop", "b", "10.244.0.2", [{ name: "web", containerPort: 80, protocol: "UDP" }]),
      egressPolicy("shop", "p", [{ to: [{ podSelector: {} }], ports: [{ port: "web" }] }]),
    ],
    workload: "shop/Pod/a",
    isolated: true,
    external: [],
    noPeers: ["shop/Pod/b"],
  },
  {
    title: "mutation: a policy of type Ingress counted as isolating",
    resources: [web, policy("shop", "p", { podSelector: {}, policyTypes: ["Ingress"] })],
    workload: key,
    isolated: false,
    external: ["everything"],
  },
  {
    title: "mutation: the last policy alone counted",
    resources: [web, egressPolicy("shop", "z", [to10]), denyEgress("shop")],
    workload: key,
    isolated: true,
    external: only10,
  },
  {
    title: "mutation: the first policy alone counted",
    resources: [web, denyEgress("shop"), egressPolicy("shop", "z", [to10])],
    workload: key,
    isolated: true,
    external: only10,
  },
  {
    title: "mutation: one of two policies of the same name lost",
    resources: [
      web,
      egressPolicy("shop", "same", [to10]),
      egressPolicy("shop", "same", [{ to: [toBlock("fd00::/8")], ports: [https] }]),
      egressPolicy("shop", "same", []),
    ],
    workload: key,
    isolated: true,
    covers: ["10.0.0.0/8 TCP 443", "fd00::/8 TCP 443"],
  },
  {
    title: "mutation: items of a List passed over",
    resources: [
      web,
      manifest("core/v1:List", {
        items: [
          {
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicyList",
            items: [
              {
                apiVersion: "networking.k8s.io/v1",
                kind: "NetworkPolicy",
                metadata: { name: "allow", namespace: "shop" },
                spec: { podSelector: {}, policyTypes: ["Egress"], egress: [to10] },
              },
            ],
          },
        ],
      }),
    ],
    workload: key,
    isolated: true,
    external: only10,
  },
  {
    title: "mutation: endPort left out, or one too many",
    resources: [
      web,
      egressPolicy("shop", "p", [
        { to: [toBlock("10.0.0.0/8")], ports: [{ port: 1, endPort: 65_534 }] },
      ]),
    ],
    workload: key,
    isolated: true,
    external: ["10.0.0.0/8 TCP 1-65534"],
  },
  {
    title: "mutation: a shift by the whole length of an address",
    resources: [
      web,
      egressPolicy("shop", "p", [
        { to: [toBlock("255.255.255.255/32"), toBlock("::/128")], ports: [https] },
        { to: [toBlock("0.0.0.0/0", "0.0.0.0/1"), toBlock("::/0", "::/1")], ports: [{ port: 80 }] },
      ]),
    ],
    workload: key,
    isolated: true,
    external: [
      "255.255.255.255/32 TCP 443",
      "::/128 TCP 443",
      "128.0.0.0/1 TCP 80",
      "8000::/1 TCP 80",
    ],
  },
  {
    title: "mutation: an exception as large as its block accepted",
    resources: [
      web,
      denyEgress("shop"),
      egressPolicy("shop", "p", [{ to: [toBlock("10.0.0.0/8", "10.0.0.0/8")] }]),
    ],
    workload: key,
    external: ["everything"],
    errors: ["NetworkPolicy shop/p spec.egress[0].to[0].ipBlock.except[0]"],
  },
  ...[0, 65_536].map((port) => ({
    title: `mutation: port ${port} accepted`,
    resources: [
      web,
      denyEgress("shop"),
      egressPolicy("shop", "p", [{ to: [toBlock("10.0.0.0/8")], ports: [{ port }] }]),
    ],
    workload: key,
    external: ["everything"],
    errors: ["NetworkPolicy shop/p spec.egress[0].ports[0].port"],
  })),
  {
    title: "mutation: a malformed policy passed over in silence",
    resources: [
      web,
      denyEgress("shop"),
      egressPolicy("shop", "p", [{ to: [toBlock("not-a-block")] }]),
    ],
    workload: key,
    external: ["everything"],
    errors: ["NetworkPolicy shop/p spec.egress[0].to[0].ipBlock.cidr"],
  },
  {
    title: "mutation: a selector of namespaces read by the labels of pods",
    resources: [
      pod("shop", "a", "10.244.0.1"),
      pod("shop", "b", "10.244.0.2", [], { "kubernetes.io/metadata.name": "bank" }),
      egressPolicy("shop", "p", [{ to: [{ namespaceSelector: byName("bank") }] }]),
    ],
    workload: "shop/Pod/a",
    isolated: true,
    external: [],
    noPeers: ["shop/Pod/b"],
  },
  {
    title: "mutation: replicas of other labels taken for the same pods",
    resources: [
      object("apps/v1:ReplicaSet", "shop", "one", { spec: { template: template("web") } }),
      object("apps/v1:ReplicaSet", "shop", "two", {
        spec: { template: template("web", {}, { app: "canary" }) },
      }),
      denyEgress("shop"),
      egressPolicy("shop", "p", [to10], app("web")),
    ],
    workload: "shop/ReplicaSet/two",
    isolated: true,
    external: [],
  },
];
