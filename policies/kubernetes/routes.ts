import {
  elements,
  entries,
  type Field,
  get,
  isUnreadable,
  rootField,
  textOf,
} from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { isArray, type Unknown, unknown } from "../model/value.ts";
import { groupOf, isKind } from "./api-groups.ts";

export const gatewayGroups: ReadonlySet<string> = new Set([
  "gateway.networking.k8s.io",
  "gateway.networking.x-k8s.io",
]);

/** HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute, and whatever route the API gets next. */
export function isRoute(object: KubeObject): boolean {
  return gatewayGroups.has(groupOf(object)) && object.kind.endsWith("Route");
}

/** Kinds of the Gateway API that open a port by themselves. */
export function isListener(object: KubeObject): boolean {
  return gatewayGroups.has(groupOf(object)) && /^(?:Gateway|X?ListenerSet)$/.test(object.kind);
}

export function isReferenceGrant(object: KubeObject): boolean {
  return gatewayGroups.has(groupOf(object)) && object.kind === "ReferenceGrant";
}

/** References to what a route leads to, those of mirrors and other filters included. */
export function backendRefs(route: KubeObject): readonly Field[] {
  return found(get(rootField(route.body), "spec", "rules"));
}

function found(field: Field): readonly Field[] {
  if (isArray(field.value)) return elements(field).flatMap(found);
  // A place that cannot be read may hold a reference to anything.
  if (isUnreadable(field)) return [field];
  return (entries(field) ?? []).flatMap(([name, part]) => {
    if (name === "backendRef") return [part, ...found(part)];
    if (name === "backendRefs") return elements(part).flatMap((each) => [each, ...found(each)]);
    return found(part);
  });
}

/** Names of the Services that an Ingress leads to, all in its own namespace. */
export function ingressBackends(ingress: KubeObject): readonly Field[] {
  const spec = get(rootField(ingress.body), "spec");
  const paths = elements(get(spec, "rules")).flatMap((rule) =>
    elements(get(rule, "http", "paths")),
  );
  return [
    get(spec, "defaultBackend"),
    get(spec, "backend"),
    ...paths.map((path) => get(path, "backend")),
  ].flatMap((backend) => {
    // The older API writes the name one level higher.
    const names = [get(backend, "service", "name"), get(backend, "serviceName")];
    return names.filter((name) => name.value !== undefined);
  });
}

export function isIngress(object: KubeObject): boolean {
  return isKind(object, "Ingress");
}

/** Groups whose custom resources make some proxy lead to Services, in a form of their own. */
export const proxyGroups: ReadonlySet<string> = new Set([
  "apisix.apache.org",
  "cilium.io",
  "configuration.konghq.com",
  "consul.hashicorp.com",
  "gateway.envoyproxy.io",
  "gateway.kgateway.dev",
  "gateway.solo.io",
  "getambassador.io",
  "gloo.solo.io",
  "k8s.nginx.org",
  "networking.istio.io",
  "projectcontour.io",
  "route.openshift.io",
  "tailscale.com",
  "traefik.containo.us",
  "traefik.io",
]);

/** Kinds of these groups that say how a Service is treated, not where a proxy leads. */
const notLeading = /(?:Policy|DestinationRule|Sidecar)$/;

export function isForeignProxy(object: KubeObject): boolean {
  return proxyGroups.has(groupOf(object)) && !notLeading.test(object.kind);
}

/** Annotations by which a controller gives a ClusterIP Service a way in from outside. */
export const exposingAnnotations: ReadonlySet<string> = new Set([
  "cloud.google.com/neg",
  "consul.hashicorp.com/service-sync",
  "getambassador.io/config",
  "ngrok.com/ingress",
  "skupper.io/proxy",
  "tailscale.com/expose",
]);

export function isExposingAnnotation(key: string): boolean {
  return exposingAnnotations.has(key);
}

/**
 * The namespaces that a host name may lead into: the label before `svc` or `pod`, or the last one, as
 * in `llama.inference.svc.cluster.local` and `llama.inference`.
 */
export function namespacesOfHost(host: string): readonly string[] {
  const labels = host.toLowerCase().replace(/\.$/, "").split(".");
  return labels.filter((_, index) => {
    const next = labels[index + 1];
    return index > 0 && (next === undefined || next === "svc" || next === "pod");
  });
}

/**
 * Texts below a field that name a namespace, by a field of that name or as part of a host. What cannot
 * be read may name any.
 */
export function namespacesNamed(
  field: Field,
): readonly { readonly place: Field; readonly namespace: string | Unknown }[] {
  if (isUnreadable(field)) return [{ place: field, namespace: unknown }];
  if (isArray(field.value)) return elements(field).flatMap(namespacesNamed);
  const text = textOf(field);
  if (text !== undefined) {
    const hosts = text.split(/[^\w.-]+/).flatMap(namespacesOfHost);
    return hosts.map((namespace) => ({ place: field, namespace }));
  }
  return (entries(field) ?? []).flatMap(([name, part]) => {
    const own = textOf(part);
    const named = name.toLowerCase().endsWith("namespace") && own !== undefined;
    return named ? [{ place: part, namespace: own }] : namespacesNamed(part);
  });
}
