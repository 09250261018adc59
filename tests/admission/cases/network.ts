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

/** What a site may well apply beside the stack. */
export const networkPasses: readonly Sent[] = [
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

function service(spec: ValueObject): Sent {
  const ports = [{ port: 80 }];
  return object("v1", "Service", "extra", { spec: { selector: { app: "tool" }, ports, ...spec } });
}

function slice(addressType: string, address: string): Sent {
  return object("discovery.k8s.io/v1", "EndpointSlice", "extra", {
    addressType,
    endpoints: [{ addresses: [address] }],
    ports: [{ port: 443 }],
  });
}

export const serviceRefusals: readonly Refusal[] = [
  {
    title: "a name for something outside",
    rule: "E13",
    object: object("v1", "Service", "extra", {
      spec: { type: "ExternalName", externalName: "collector.example.com" },
    }),
  },
  { title: "external addresses", rule: "E13", object: service({ externalIPs: ["203.0.113.7"] }) },
  { title: "load balancer", rule: "E14", object: service({ type: "LoadBalancer" }) },
  { title: "port of every node", rule: "E14", object: service({ type: "NodePort" }) },
  { title: "slice with an address outside", rule: "E13", object: slice("IPv4", "203.0.113.7") },
  { title: "slice with a service's address", rule: "E13", object: slice("IPv4", "10.96.0.10") },
  { title: "slice with an address of IPv6", rule: "E13", object: slice("IPv6", "2001:db8::7") },
  { title: "slice with a name", rule: "E13", object: slice("FQDN", "collector.example.com") },
  {
    title: "endpoints outside",
    rule: "E13",
    object: object("v1", "Endpoints", "extra", {
      subsets: [{ addresses: [{ ip: "203.0.113.7" }], ports: [{ port: 443 }] }],
    }),
  },
  {
    title: "endpoints outside that are not ready yet",
    rule: "E13",
    object: object("v1", "Endpoints", "extra", {
      subsets: [{ notReadyAddresses: [{ ip: "203.0.113.7" }], ports: [{ port: 443 }] }],
    }),
  },
  {
    title: "ingress",
    rule: "E14",
    object: object("networking.k8s.io/v1", "Ingress", "extra", {
      spec: { defaultBackend: { service: { name: "llama-3-70b", port: { number: 8000 } } } },
    }),
  },
  {
    title: "route of the Gateway API",
    rule: "E14",
    object: object("gateway.networking.k8s.io/v1", "HTTPRoute", "extra", { spec: {} }),
  },
  {
    title: "route served by a gateway beside the models",
    rule: "E14",
    object: object("gateway.networking.k8s.io/v1", "HTTPRoute", "extra", {
      spec: { parentRefs: [{ name: "g", namespace: "gateway" }, { name: "own" }] },
    }),
  },
  {
    title: "definition of a second network",
    rule: "E18",
    object: object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "fast", { spec: {} }),
  },
  {
    title: "claim of a network card",
    rule: "E18",
    object: object("resource.k8s.io/v1", "ResourceClaim", "extra", {
      spec: { devices: { requests: [{ name: "a", exactly: { deviceClassName: "rdma" } }] } },
    }),
  },
  {
    title: "claim of a network card where no GPU is free",
    rule: "E18",
    object: object("resource.k8s.io/v1", "ResourceClaimTemplate", "extra", {
      spec: {
        spec: {
          devices: {
            requests: [
              {
                name: "a",
                firstAvailable: [
                  { name: "b", deviceClassName: "gpu.nvidia.com" },
                  { name: "c", deviceClassName: "rdma" },
                ],
              },
            ],
          },
        },
      },
    }),
  },
  {
    title: "annotation of a tunnel",
    rule: "E14",
    object: {
      ...service({}),
      metadata: {
        name: "extra",
        namespace: "inference",
        annotations: { "tailscale.com/expose": "true" },
      },
    },
  },
  {
    title: "grant for routes of another namespace",
    rule: "E14",
    object: object("gateway.networking.k8s.io/v1", "ReferenceGrant", "extra", {
      spec: { from: [{ namespace: "gateway" }, { namespace: "team-a" }], to: [] },
    }),
  },
  {
    title: "entry of a mesh",
    rule: "E19",
    object: object("networking.istio.io/v1", "ServiceEntry", "extra", { spec: {} }),
  },
  {
    title: "policy of a network plugin",
    rule: "C02",
    object: object("cilium.io/v2", "CiliumNetworkPolicy", "extra", { spec: {} }),
  },
  {
    title: "admin policy that allows what no namespace can take back",
    rule: "E16",
    object: object(
      "policy.networking.k8s.io/v1alpha1",
      "AdminNetworkPolicy",
      "extra",
      {
        spec: { subject: { namespaces: {} }, egress: [{ action: "Deny" }, { action: "Allow" }] },
      },
      "",
    ),
  },
];

export const servicePasses: readonly Sent[] = [
  object("gateway.networking.k8s.io/v1", "HTTPRoute", "extra", {
    spec: { parentRefs: [{ name: "g", namespace: "gateway" }] },
  }),
  object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "storage", { spec: {} }),
  object("resource.k8s.io/v1", "ResourceClaim", "extra", {
    spec: {
      devices: { requests: [{ name: "a", exactly: { deviceClassName: "gpu.nvidia.com" } }] },
    },
  }),
  service({}),
  service({ clusterIP: "None" }),
  slice("IPv4", "10.244.3.7"),
  object("gateway.networking.k8s.io/v1", "ReferenceGrant", "extra", {
    spec: { from: [{ namespace: "gateway" }], to: [] },
  }),
  object(
    "policy.networking.k8s.io/v1alpha1",
    "AdminNetworkPolicy",
    "extra",
    {
      spec: { subject: { namespaces: {} }, egress: [{ action: "Pass" }, { action: "Deny" }] },
    },
    "",
  ),
  object(
    "policy.networking.k8s.io/v1alpha1",
    "AdminNetworkPolicy",
    "extra",
    {
      spec: {
        subject: { namespaces: { matchLabels: { [key]: "team-a" } } },
        egress: [{ action: "Allow" }],
      },
    },
    "",
  ),
];
