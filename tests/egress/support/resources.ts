import { defaultOptions, type Resource } from "../../../policies/model/resource.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import type { Labels, Namespace, Pod, Service, Universe } from "../oracle/kubernetes.ts";

/** One object of a manifest, `apiVersion/Kind` written as `core/v1:Pod` or `apps/v1:Deployment`. */
export function manifest(type: string, body: ValueObject, name = "object"): Resource {
  return {
    urn: `urn:test:::kubernetes:${type}::${name}`,
    type: `kubernetes:${type}`,
    name,
    properties: body,
    dependencies: [],
    options: defaultOptions,
  };
}

/** A namespaced object with its metadata. */
export function object(
  type: string,
  namespace: string,
  name: string,
  body: ValueObject,
  labels?: Labels,
): Resource {
  const metadata = { name, namespace, ...(labels === undefined ? {} : { labels }) };
  return manifest(type, { metadata, ...body }, `${namespace}/${name}`);
}

export function namespaceObject(name: string, labels: Labels = {}): Resource {
  return manifest("core/v1:Namespace", { metadata: { name, labels } }, name);
}

export function policy(namespace: string, name: string, spec: ValueObject): Resource {
  return object("networking.k8s.io/v1:NetworkPolicy", namespace, name, { spec });
}

/** The commonest policy: nothing may leave any pod of the namespace. */
export function denyEgress(namespace: string): Resource {
  return policy(namespace, "deny", { podSelector: {}, policyTypes: ["Egress"] });
}

export function clusterPolicy(name: string, spec: ValueObject): Resource {
  return manifest(
    "policy.networking.k8s.io/v1alpha2:ClusterNetworkPolicy",
    { metadata: { name }, spec },
    name,
  );
}

/** A pod with its addresses as its status reports them. */
export function podObject(pod: Pod): Resource {
  const [first] = pod.addresses;
  const status =
    first === undefined
      ? {}
      : { status: { podIP: first, podIPs: pod.addresses.map((ip) => ({ ip })) } };
  return object(
    "core/v1:Pod",
    pod.namespace,
    pod.name,
    { spec: { containers: [{ name: "main", image: "image", ports: pod.ports }] }, ...status },
    pod.labels,
  );
}

/** The key of a pod in an analysis. */
export function podKey({ namespace, name }: Pod): string {
  return `${namespace}/Pod/${name}`;
}

export function universeResources(universe: Universe): readonly Resource[] {
  const { baseline } = universe;
  return [
    ...universe.namespaces.flatMap(namespaceResources),
    ...universe.pods.map(podObject),
    ...universe.policies.map(({ metadata, spec }) =>
      policy(metadata.namespace, metadata.name, spec),
    ),
    ...universe.clusterPolicies.map(({ metadata, spec }) => clusterPolicy(metadata.name, spec)),
    ...universe.adminPolicies.map(({ metadata, spec }) =>
      manifest(
        "policy.networking.k8s.io/v1alpha1:AdminNetworkPolicy",
        { metadata, spec },
        metadata.name,
      ),
    ),
    ...(baseline === undefined
      ? []
      : [
          manifest("policy.networking.k8s.io/v1alpha1:BaselineAdminNetworkPolicy", {
            metadata: { name: "default" },
            spec: baseline.spec,
          }),
        ]),
    ...(universe.services ?? []).map(serviceObject),
  ];
}

function serviceObject({ namespace, name, ports, ...spec }: Service): Resource {
  return object("core/v1:Service", namespace, name, {
    spec: { ...spec, ports: ports.map((each, index) => ({ name: `p${index}`, ...each })) },
  });
}

function namespaceResources({ name, labels }: Namespace): readonly Resource[] {
  return labels === undefined ? [] : [namespaceObject(name, labels)];
}
