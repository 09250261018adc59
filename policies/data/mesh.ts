/**
 * Labels and annotations that make a service mesh carry the traffic of a namespace or a pod, where network
 * policies no longer see ports and destinations; with the values that keep the mesh away.
 * Sources: references of Istio 1.28, Linkerd 2.18, Kuma 2.12 and Consul 1.22 (2026-11).
 */
export const meshKeys: Readonly<Record<string, readonly string[]>> = {
  "ambient.istio.io/redirection": ["disabled"],
  "config.linkerd.io/proxy-enable": ["false"],
  "consul.hashicorp.com/connect-inject": ["false"],
  "inject.istio.io/templates": [],
  "istio-injection": ["disabled"],
  "istio.io/dataplane-mode": ["none"],
  "istio.io/rev": [],
  "istio.io/use-waypoint": ["none"],
  "kuma.io/sidecar-injection": ["disabled", "false"],
  "linkerd.io/inject": ["disabled"],
  "sidecar.istio.io/inject": ["false"],
};

/** API groups whose objects configure a mesh. */
export const meshGroups: readonly string[] = [
  "extensions.istio.io",
  "networking.istio.io",
  "policy.linkerd.io",
];
