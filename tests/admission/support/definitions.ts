import { object, type Sent } from "./objects.ts";

/**
 * Minimal definitions, made up for the tests: they name kinds of other projects and accept any content.
 * What these projects demand of their objects is not tried here.
 */
function definition(
  group: string,
  version: string,
  kind: string,
  plural: string,
  scope: "Namespaced" | "Cluster" = "Namespaced",
): Sent {
  const schema = {
    openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  };
  const sent = object(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    `${plural}.${group}`,
    {
      spec: {
        group,
        scope,
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    },
    "",
  );
  if (!group.endsWith(".k8s.io")) return sent;
  const approval = "https://github.com/kubernetes-sigs/network-policy-api/pull/1";
  const annotations = { "api-approved.kubernetes.io": approval };
  return { ...sent, metadata: { ...sent.metadata, annotations } };
}

export const definitions: readonly Sent[] = [
  definition("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"),
  definition("gateway.networking.k8s.io", "v1", "ReferenceGrant", "referencegrants"),
  definition("networking.istio.io", "v1", "ServiceEntry", "serviceentries"),
  definition(
    "k8s.cni.cncf.io",
    "v1",
    "NetworkAttachmentDefinition",
    "network-attachment-definitions",
  ),
  definition("cilium.io", "v2", "CiliumNetworkPolicy", "ciliumnetworkpolicies"),
  definition(
    "policy.networking.k8s.io",
    "v1alpha1",
    "AdminNetworkPolicy",
    "adminnetworkpolicies",
    "Cluster",
  ),
];
