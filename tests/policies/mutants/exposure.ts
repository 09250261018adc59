import type { Resource } from "../../../policies/model/resource.ts";
import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { changed, goodResources, kube } from "../good-graph.ts";
import { added, type Mutant } from "./mutant.ts";

const routes = "gateway.networking.k8s.io/v1";

function serviceMutant(title: string, path: readonly string[], value: Value, at: string): Mutant {
  const resources = changed("Service/llama", path, value);
  return { rule: "E14", title, resources, object: "Service inference/llama", path: at };
}

function route(kind: string, namespace: string, spec: ValueObject): Resource {
  return kube(`${routes}:${kind}`, "r", namespace, { spec });
}

const gatewayRef = { name: "edge", namespace: "gateway" };
const toModel = { name: "llama", namespace: "inference", port: 8000 };
const alias = kube("core/v1:Service", "alias", "web", {
  spec: { type: "ExternalName", externalName: "llama.inference.svc.cluster.local" },
});
const aliasOfAlias = kube("core/v1:Service", "far", "shop", {
  spec: { type: "ExternalName", externalName: "alias.web.svc.cluster.local." },
});

function ingress(namespace: string, service: string): Resource {
  return kube("networking.k8s.io/v1:Ingress", "in", namespace, {
    spec: { rules: [{ http: { paths: [{ backend: { service: { name: service } } }] } }] },
  });
}

const backendOfIngress = "spec.rules[0].http.paths[0].backend.service.name";

function withAlias(
  title: string,
  extra: readonly Resource[],
  object: string,
  path: string,
): Mutant {
  return { rule: "E14", title, resources: [...goodResources, alias, ...extra], object, path };
}

export const directExposure: readonly Mutant[] = [
  serviceMutant("load balancer", ["spec", "type"], "LoadBalancer", "spec.type"),
  serviceMutant("node port", ["spec", "type"], "NodePort", "spec.type"),
  serviceMutant("unknown type", ["spec", "type"], unknown, "spec.type"),
  serviceMutant("external address", ["spec", "externalIPs"], ["192.0.2.7"], "spec.externalIPs[0]"),
  serviceMutant(
    "annotation that exposes a ClusterIP Service",
    ["metadata", "annotations"],
    { "tailscale.com/expose": "true" },
    'metadata.annotations["tailscale.com/expose"]',
  ),
  added(
    "E14",
    "Ingress beside a model",
    ingress("inference", "llama"),
    "Ingress inference/in",
    "spec",
  ),
  withAlias(
    "Ingress elsewhere that leads to a model by an external name",
    [ingress("web", "alias")],
    "Ingress web/in",
    backendOfIngress,
  ),
  withAlias(
    "Ingress of the gateway that passes the gateway by",
    [
      kube("core/v1:Service", "short", "gateway", { spec: { externalName: "llama.inference" } }),
      ingress("gateway", "short"),
    ],
    "Ingress gateway/in",
    backendOfIngress,
  ),
  withAlias(
    "Ingress behind two external names",
    [aliasOfAlias, ingress("shop", "far")],
    "Ingress shop/in",
    backendOfIngress,
  ),
  added(
    "E14",
    "Ingress of the older API with a default backend",
    kube("extensions/v1beta1:Ingress", "in", "inference", {
      spec: { backend: { serviceName: "llama" } },
    }),
    "Ingress inference/in",
    "spec",
  ),
  added(
    "E14",
    "gateway beside a model",
    route("Gateway", "inference", {}),
    "Gateway inference/r",
    "spec",
  ),
  added(
    "E14",
    "route of a gateway in another namespace",
    route("HTTPRoute", "web", {
      parentRefs: [{ name: "public" }],
      rules: [{ backendRefs: [toModel] }],
    }),
    "HTTPRoute web/r",
    "spec.parentRefs[0]",
  ),
  added(
    "E14",
    "TCP route beside the model with a second gateway",
    kube("gateway.networking.k8s.io/v1alpha2:TCPRoute", "r", "inference", {
      spec: { parentRefs: [gatewayRef, { name: "public", namespace: "web" }], rules: [] },
    }),
    "TCPRoute inference/r",
    "spec.parentRefs[1]",
  ),
  added(
    "E14",
    "mirror of requests to a model",
    route("GRPCRoute", "web", {
      parentRefs: [{ name: "public" }],
      rules: [{ filters: [{ requestMirror: { backendRef: toModel } }] }],
    }),
    "GRPCRoute web/r",
    "spec.parentRefs[0]",
  ),
  added(
    "E14",
    "route whose backends are unknown",
    route("TLSRoute", "web", {
      parentRefs: [{ name: "public" }],
      rules: [{ backendRefs: unknown }],
    }),
    "TLSRoute web/r",
    "spec.rules[0].backendRefs",
  ),
  added(
    "E14",
    "route that names no gateway",
    route("HTTPRoute", "gateway", { rules: [{ backendRefs: [toModel] }] }),
    "HTTPRoute gateway/r",
    "spec.parentRefs",
  ),
  added(
    "E14",
    "grant to a namespace that is not the gateway's",
    kube(`${routes}:ReferenceGrant`, "g", "inference", {
      spec: { from: [{ namespace: "gateway" }, { namespace: "web" }] },
    }),
    "ReferenceGrant inference/g",
    "spec.from[1].namespace",
  ),
  added(
    "E14",
    "endpoints that point into the pod network",
    kube("discovery.k8s.io/v1:EndpointSlice", "s", "web", {
      endpoints: [{ addresses: ["10.244.3.7"] }],
    }),
    "EndpointSlice web/s",
    "endpoints[0].addresses[0]",
  ),
  added(
    "E14",
    "endpoints that name a pod of inference",
    kube("core/v1:Endpoints", "s", "web", {
      subsets: [{ addresses: [{ ip: "203.0.113.4", targetRef: { namespace: "inference" } }] }],
    }),
    "Endpoints web/s",
    "subsets[0].addresses[0].targetRef.namespace",
  ),
  ...[
    {
      title: "endpoints of a Service with a selector, under another manager",
      service: { selector: { app: "x" } },
      manager: "somebody",
      name: "web",
    },
    {
      title: "endpoints under the cluster's own manager, of a Service without a selector",
      service: {},
      manager: "endpointslice-controller.k8s.io",
      name: "web",
    },
    {
      title: "endpoints under the cluster's own manager, of no Service here",
      service: { selector: { app: "x" } },
      manager: "endpointslice-controller.k8s.io",
      name: "other",
    },
  ].map(({ title, service, manager, name }) => ({
    rule: "E14",
    title,
    resources: [
      ...goodResources,
      kube("core/v1:Service", "web", "web", { spec: service }),
      kube("discovery.k8s.io/v1:EndpointSlice", "s", "web", {
        metadata: {
          name: "s",
          namespace: "web",
          labels: {
            "kubernetes.io/service-name": name,
            "endpointslice.kubernetes.io/managed-by": manager,
          },
        },
        endpoints: [{ addresses: ["10.244.3.7"] }],
      }),
    ],
    object: "EndpointSlice web/s",
    path: "endpoints[0].addresses[0]",
  })),
  added(
    "E14",
    "route of another proxy",
    kube("traefik.io/v1alpha1:IngressRouteTCP", "r", "web", {
      spec: { routes: [{ services: [{ name: "llama", namespace: "inference" }] }] },
    }),
    "IngressRouteTCP web/r",
    "spec.routes[0].services[0].namespace",
  ),
  added(
    "E14",
    "route of another proxy to an unknown host",
    kube("projectcontour.io/v1:HTTPProxy", "r", "web", {
      spec: { routes: [{ services: [{ name: unknown }] }] },
    }),
    "HTTPProxy web/r",
    "spec.routes[0].services[0].name",
  ),
  added(
    "E14",
    "route of a mesh by host name",
    kube("networking.istio.io/v1:VirtualService", "r", "web", {
      spec: { http: [{ route: [{ destination: { host: "llama.inference.svc.cluster.local" } }] }] },
    }),
    "VirtualService web/r",
    "spec.http[0].route[0].destination.host",
  ),
];

/** Ways in that are the gateway's own; none of them is a violation. */
export const ownWaysIn: readonly Resource[] = [
  kube("core/v1:Service", "edge", "gateway", { spec: { type: "LoadBalancer" } }),
  ingress("gateway", "edge"),
  route("Gateway", "gateway", {}),
  route("HTTPRoute", "inference", {
    parentRefs: [gatewayRef],
    rules: [{ backendRefs: [{ name: "llama" }] }],
  }),
  kube(`${routes}:ReferenceGrant`, "g", "inference", {
    spec: { from: [{ namespace: "gateway" }] },
  }),
];
