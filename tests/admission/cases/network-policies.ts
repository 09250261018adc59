import type { Value, ValueObject } from "../../../policies/model/value.ts";
import { object, type Refusal, type Sent } from "../support/objects.ts";

const key = "kubernetes.io/metadata.name";
const gateway = { namespaceSelector: { matchLabels: { [key]: "gateway" } } };
const port = [{ protocol: "TCP", port: 8000 }];
/** What the settings of the test allow to leave. */
const allowed = {
  to: [{ ipBlock: { cidr: "10.20.1.0/24" } }],
  ports: [{ protocol: "TCP", port: 443 }],
};

function policy(spec: ValueObject, metadata: ValueObject = {}): Sent {
  const sent = object("networking.k8s.io/v1", "NetworkPolicy", "extra", {
    spec: { podSelector: { matchLabels: { app: "tool" } }, ...spec },
  });
  return { ...sent, metadata: { ...sent.metadata, ...metadata } };
}

function egress(rule: ValueObject): Sent {
  return policy({ policyTypes: ["Egress"], egress: [rule] });
}

function ingress(rule: ValueObject): Sent {
  return policy({ policyTypes: ["Ingress"], ingress: [rule] });
}

function to(peer: Value, ports: Value = [{ protocol: "TCP", port: 443 }]): Sent {
  return egress({ to: [peer], ports });
}

export const networkRefusals: readonly Refusal[] = [
  { title: "egress to everywhere", rule: "E05", object: egress({}) },
  {
    title: "DNS to anywhere",
    rule: "E05",
    object: egress({ ports: [{ protocol: "UDP", port: 53 }] }),
  },
  { title: "an empty list of destinations", rule: "E05", object: egress({ to: [], ports: port }) },
  {
    title: "one open rule behind an allowed one",
    rule: "E05",
    object: policy({ policyTypes: ["Egress"], egress: [allowed, {}] }),
  },
  { title: "the whole of IPv4", rule: "E05", object: to({ ipBlock: { cidr: "0.0.0.0/0" } }) },
  { title: "the whole of IPv6", rule: "E05", object: to({ ipBlock: { cidr: "::/0" } }) },
  {
    title: "half of IPv4, without private ranges",
    rule: "E05",
    object: to({ ipBlock: { cidr: "128.0.0.0/1", except: ["172.16.0.0/12"] } }),
  },
  { title: "ingress from everybody", rule: "E05", object: ingress({}) },
  { title: "ingress from everybody on a port", rule: "E05", object: ingress({ ports: port }) },
  {
    title: "namespaces by a label of their own",
    rule: "E11",
    object: ingress({
      from: [{ namespaceSelector: { matchLabels: { team: "gateway" } } }],
      ports: port,
    }),
  },
  {
    title: "all namespaces",
    rule: "E11",
    object: ingress({
      from: [{ namespaceSelector: {}, podSelector: { matchLabels: { a: "b" } } }],
      ports: port,
    }),
  },
  {
    title: "all namespaces but one",
    rule: "E11",
    object: ingress({
      from: [
        { namespaceSelector: { matchExpressions: [{ key, operator: "NotIn", values: ["a"] }] } },
      ],
      ports: port,
    }),
  },
  {
    title: "the cluster's resolver as a destination",
    rule: "E02",
    object: to({ namespaceSelector: { matchLabels: { [key]: "kube-system" } } }, [
      { protocol: "UDP", port: 53 },
    ]),
  },
  {
    title: "its own group and others as destinations",
    rule: "E02",
    object: egress({
      to: [{ podSelector: { matchLabels: { app: "tool" } } }, { podSelector: {} }],
      ports: port,
    }),
  },
  {
    title: "pods beside it as callers",
    rule: "E12",
    object: ingress({ from: [{ podSelector: { matchLabels: { app: "other" } } }], ports: port }),
  },
  { title: "pods beside it as a destination", rule: "E02", object: to({ podSelector: {} }) },
  { title: "one address too far", rule: "E02", object: to({ ipBlock: { cidr: "10.20.0.0/15" } }) },
  {
    title: "another port",
    rule: "E02",
    object: to({ ipBlock: { cidr: "10.20.1.0/24" } }, [{ protocol: "TCP", port: 80 }]),
  },
  {
    title: "another protocol",
    rule: "E02",
    object: to({ ipBlock: { cidr: "10.20.1.0/24" } }, [{ protocol: "UDP", port: 443 }]),
  },
  {
    title: "a range that begins at an allowed port",
    rule: "E02",
    object: to({ ipBlock: { cidr: "10.20.1.0/24" } }, [
      { protocol: "TCP", port: 443, endPort: 500 },
    ]),
  },
  {
    title: "every port of an allowed address",
    rule: "E02",
    object: egress({ to: [{ ipBlock: { cidr: "10.20.1.0/24" } }] }),
  },
  {
    title: "an allowed address beside another",
    rule: "E02",
    object: egress({
      to: [{ ipBlock: { cidr: "10.20.1.0/24" } }, { ipBlock: { cidr: "203.0.113.0/24" } }],
      ports: [{ protocol: "TCP", port: 443 }],
    }),
  },
  {
    title: "callers from another namespace",
    rule: "E12",
    object: ingress({
      from: [{ namespaceSelector: { matchLabels: { [key]: "team-a" } } }],
      ports: port,
    }),
  },
  {
    title: "callers from an address",
    rule: "E12",
    object: ingress({ from: [{ ipBlock: { cidr: "10.30.0.0/16" } }], ports: port }),
  },
  { title: "the gateway on every port", rule: "E12", object: ingress({ from: [gateway] }) },
  {
    title: "the gateway or others",
    rule: "E12",
    object: ingress({
      from: [
        {
          namespaceSelector: {
            matchExpressions: [{ key, operator: "In", values: ["gateway", "x"] }],
          },
        },
      ],
      ports: port,
    }),
  },
  {
    title: "a default deny that goes with an owner",
    rule: "E04",
    object: {
      ...policy(
        { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "0" }] },
      ),
    },
  },
];

/** The gateway may send where the stack says; nobody opens it to the world beside that. */
function ofGateway(rule: ValueObject): Sent {
  const sent = egress(rule);
  return { ...sent, metadata: { ...sent.metadata, namespace: "gateway" } };
}

export const gatewayRefusals: readonly Refusal[] = [
  { title: "the gateway to everywhere", rule: "E05", object: ofGateway({ ports: port }) },
  {
    title: "the gateway to the whole of IPv4",
    rule: "E05",
    object: ofGateway({ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: port }),
  },
];

/** What a site may well apply beside the stack. */
export const networkPasses: readonly Sent[] = [
  ofGateway({ to: [{ ipBlock: { cidr: "10.30.0.10/32" } }], ports: port }),
  ingress({ from: [gateway], ports: port }),
  ingress({
    from: [
      {
        namespaceSelector: { matchExpressions: [{ key, operator: "In", values: ["monitoring"] }] },
      },
    ],
    ports: [{ protocol: "TCP", port: "http" }],
  }),
  policy({ policyTypes: ["Egress"], egress: [allowed] }),
  policy({ policyTypes: ["Ingress", "Egress"] }),
  to({ podSelector: { matchLabels: { app: "tool" } } }, port),
  ingress({ from: [{ podSelector: { matchLabels: { app: "tool" } } }], ports: port }),
];

/** Changes of the stack's own default deny; each is applied over it. */
export const defaultDenyRefusals: readonly Refusal[] = Object.entries({
  "default deny of one direction": { policyTypes: ["Ingress"] },
  "default deny of some pods": { podSelector: { matchLabels: { a: "b" } } },
  "default deny with an exception for the gateway": { ingress: [{ from: [gateway], ports: port }] },
  "default deny with an allowed destination": { egress: [allowed] },
}).map(([title, change]) => ({
  title,
  rule: "E04",
  object: object("networking.k8s.io/v1", "NetworkPolicy", "default-deny", {
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...change },
  }),
}));
