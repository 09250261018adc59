import type { Resource } from "../../../policies/model/resource.ts";
import { denyEgress, manifest, object } from "../support/resources.ts";
import { deployment } from "./stack.ts";
import type { Vector } from "./vector.ts";

const stack = [deployment("shop", "web"), denyEgress("shop")];

function unsupported(resource: Resource, error: string): Vector {
  return {
    title: `a ${resource.type.replace("kubernetes:", "")} cannot be read, so it allows everything`,
    resources: [...stack, resource],
    workload: "shop/Deployment/web",
    external: ["everything"],
    errors: [error],
  };
}

const spec = { spec: { endpointSelector: {}, egress: [{ toEntities: ["world"] }] } };

function namespaced(type: string): Vector {
  const kind = type.split(":").at(-1) ?? "";
  return unsupported(object(type, "shop", "p", spec), `${kind} shop/p`);
}

function clusterWide(type: string): Vector {
  const kind = type.split(":").at(-1) ?? "";
  return unsupported(manifest(type, { metadata: { name: "p" }, ...spec }, "p"), `${kind} p`);
}

/** Policies of single network plugins: each can open what a NetworkPolicy closes. */
export const unsupportedVectors: readonly Vector[] = [
  namespaced("cilium.io/v2:CiliumNetworkPolicy"),
  clusterWide("cilium.io/v2:CiliumClusterwideNetworkPolicy"),
  namespaced("projectcalico.org/v3:NetworkPolicy"),
  clusterWide("projectcalico.org/v3:GlobalNetworkPolicy"),
  namespaced("crd.projectcalico.org/v1:NetworkPolicy"),
  clusterWide("crd.projectcalico.org/v1:GlobalNetworkPolicy"),
  namespaced("crd.antrea.io/v1beta1:NetworkPolicy"),
  clusterWide("crd.antrea.io/v1beta1:ClusterNetworkPolicy"),
  namespaced("k8s.ovn.org/v1:EgressFirewall"),
  namespaced("networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy"),
  clusterWide("networking.k8s.aws/v1alpha1:ClusterNetworkPolicy"),
  clusterWide("policy.networking.k8s.io/v1alpha3:ClusterNetworkPolicy"),
  clusterWide("policy.networking.k8s.io/v1alpha2:AdminNetworkPolicy"),
  namespaced("networking.k8s.io/v2:NetworkPolicy"),
  {
    title: "a patch of a policy can add any rule to it",
    resources: [
      ...stack,
      object("networking.k8s.io/v1:NetworkPolicyPatch", "shop", "deny", {
        spec: { egress: [{}] },
      }),
    ],
    workload: "shop/Deployment/web",
    external: ["everything"],
    errors: ["NetworkPolicyPatch shop/deny"],
  },
  {
    title: "a patch of a workload can give it other labels and the network of its node",
    resources: [
      ...stack,
      object("apps/v1:DeploymentPatch", "shop", "web", {
        spec: { template: { spec: { hostNetwork: true } } },
      }),
    ],
    workload: "shop/Deployment/web",
    external: ["everything"],
    errors: ["DeploymentPatch shop/web"],
  },
  {
    title: "a policy of an API version that is gone cannot be read either",
    resources: [
      ...stack,
      object("extensions/v1beta1:NetworkPolicy", "shop", "p", { spec: { podSelector: {} } }),
    ],
    workload: "shop/Deployment/web",
    external: ["everything"],
    errors: ["NetworkPolicy shop/p"],
  },
  {
    title: "a policy of a plugin in another namespace opens nothing here",
    resources: [...stack, object("cilium.io/v2:CiliumNetworkPolicy", "bank", "p", spec)],
    workload: "shop/Deployment/web",
    isolated: true,
    external: [],
    errors: ["CiliumNetworkPolicy bank/p"],
  },
];
