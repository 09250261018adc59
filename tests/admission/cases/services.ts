import type { ValueObject } from "../../../policies/model/value.ts";
import { object, type Refusal, type Sent } from "../support/objects.ts";

const key = "kubernetes.io/metadata.name";

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
