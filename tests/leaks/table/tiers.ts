import { defaultOptions } from "../../../policies/model/resource.ts";
import type { Leak } from "../leak.ts";
import { add, handle, kube, remove } from "../support/change.ts";
import { merge } from "../support/edit.ts";
import { enginePod } from "../support/engine.ts";

const deny = "isolation-inference-default-deny";
const noTiers = "the definitions of policy.networking.k8s.io are in no pinned module";
const everywhere = ["0.0.0.0/0"];
const inference = { matchLabels: { "kubernetes.io/metadata.name": "inference" } };

/** Networks and policies beside and above the ordinary ones. Rows 15 to 17. */
export const tiersModel: readonly Leak[] = [
  {
    row: 15,
    title: "A second network interface, to which no NetworkPolicy applies",
    catchers: ["E18"],
    column: "policy",
    variants: [
      {
        name: "multus",
        title: "the engine joins the storage network for faster loading",
        stack: "prod",
        change: enginePod(
          merge("metadata.annotations", { "k8s.v1.cni.cncf.io/networks": "storage/rdma" }),
        ),
      },
      {
        name: "default-network",
        title: "the pod's first network is replaced by another",
        stack: "staging",
        change: enginePod(
          merge("metadata.annotations", { "v1.multus-cni.io/default-network": "kube-system/flat" }),
        ),
      },
      {
        name: "user-defined-network",
        title: "the inference namespace gets a network of its own",
        stack: "prod",
        unserved: "the definitions of OVN-Kubernetes are in no pinned module",
        change: add(
          kube("k8s.ovn.org/v1", "UserDefinedNetwork", "inference/flat", {
            spec: { topology: "Layer2", layer2: { role: "Primary", subnets: ["10.100.0.0/16"] } },
          }),
        ),
      },
    ],
  },
  {
    row: 16,
    title: "A policy of a higher tier accepts what NetworkPolicies deny",
    catchers: ["E16"],
    column: "policy",
    variants: [
      {
        name: "admin-allow",
        title: "an AdminNetworkPolicy allows the world",
        stack: "prod",
        unserved: noTiers,
        change: add(
          kube("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "updates", {
            spec: {
              priority: 5,
              subject: { namespaces: inference },
              egress: [{ name: "world", action: "Allow", to: [{ networks: everywhere }] }],
            },
          }),
        ),
      },
      {
        name: "cluster-accept",
        title: "a ClusterNetworkPolicy of the Admin tier accepts the world",
        stack: "staging",
        unserved: noTiers,
        change: add(
          kube("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", "updates", {
            spec: {
              tier: "Admin",
              priority: 5,
              subject: { namespaces: inference },
              egress: [{ name: "world", action: "Accept", to: [{ networks: everywhere }] }],
            },
          }),
        ),
      },
      {
        name: "cilium-world",
        title: "a Cilium policy for the entity world",
        stack: "prod",
        unserved: "the definitions of Cilium are in no pinned module",
        change: add(
          kube("cilium.io/v2", "CiliumNetworkPolicy", "inference/world", {
            spec: { endpointSelector: {}, egress: [{ toEntities: ["world"] }] },
          }),
        ),
      },
      {
        name: "calico-global",
        title: "a global Calico policy of order 1 allows everything",
        stack: "prod",
        unserved: "the definitions of Calico are in no pinned module",
        change: add(
          kube("projectcalico.org/v3", "GlobalNetworkPolicy", "allow", {
            spec: { order: 1, selector: "all()", types: ["Egress"], egress: [{ action: "Allow" }] },
          }),
        ),
      },
      {
        name: "unheard-of",
        title: "a policy of a plugin that no rule knows",
        stack: "staging",
        unserved: "the kind is made up",
        change: add(
          kube("security.nova-net.example.com/v1", "TrafficPolicy", "inference/open", {
            spec: { allow: [{ direction: "egress", to: "any" }] },
          }),
        ),
      },
    ],
  },
  {
    row: 17,
    title: "The default deny goes away, or grows stale, behind the program's back",
    catchers: ["C02"],
    column: "policy",
    variants: [
      {
        name: "changes-ignored",
        title: "Pulumi no longer looks at the spec of the default deny",
        stack: "prod",
        change: handle("NetworkPolicy", deny, {
          options: { ...defaultOptions, ignoreChanges: ["spec"] },
        }),
      },
      {
        name: "patch",
        title: "a patch writes an egress rule into the default deny",
        stack: "staging",
        change: add(
          kube("networking.k8s.io/v1", "NetworkPolicyPatch", "inference/default-deny", {
            spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], egress: [{}] },
          }),
        ),
      },
      {
        name: "gone",
        title: "the default deny is no longer there, as after a destroy with a target",
        stack: "prod",
        change: remove("NetworkPolicy", deny),
      },
    ],
  },
];
