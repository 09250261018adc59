import { groupOf, isBuiltIn } from "../../kubernetes/api-groups.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { type Unknown, unknown } from "../../model/value.ts";
import { tierDialect } from "./tier-policy.ts";

/** A policy of a kind or version that is not understood: it may allow anything to any pod of its scope. */
export interface ForeignPolicy {
  readonly object: KubeObject;
  /** `unknown`: every namespace. */
  readonly namespace: string | Unknown;
  /** Field that says so. */
  readonly path: string;
  readonly reason: string;
}

/** API groups of network plugins. Their kinds decide about packets, unless the table below says otherwise. */
const pluginGroups = new Set([
  "cilium.io",
  "crd.antrea.io",
  "crd.projectcalico.org",
  "k8s.ovn.org",
  "kubeovn.io",
  "networking.k8s.aws",
  "policy.networking.k8s.io",
  "projectcalico.org",
]);

/** Kinds of those groups that allow nothing: state of the plugin, address pools, routing between nodes. */
const harmless =
  /^(?:Cilium(?:Node|Endpoint|EndpointSlice|Identity|LoadBalancerIPPool|NodeConfig|BGP\w*|L2\w*|PodIPPool)|BGP\w*|IPPool|IPAM\w*|IPReservation|BlockAffinity|FelixConfiguration|KubeControllersConfiguration|ClusterInformation|CalicoNodeStatus|AntreaAgentInfo|AntreaControllerInfo|Policy(?:Endpoint|Record)s?)$/;

/** Kinds that say by their name what they are, whatever group serves them. */
const policyKind = /NetworkPolicy$/;

/** Reads an object as such a policy; `undefined` for anything else. */
export function foreignPolicy(object: KubeObject): ForeignPolicy | undefined {
  const { kind, apiVersion } = object;
  if (isBuiltIn(object)) {
    if (kind === "NetworkPolicyPatch") {
      return policy(object, "kind", "adds to a NetworkPolicy what nobody sees together with it");
    }
    if (kind !== "NetworkPolicy" || apiVersion === "networking.k8s.io/v1") return undefined;
    return policy(
      object,
      "apiVersion",
      `"${apiVersion}" is no version of NetworkPolicy that an API server serves`,
    );
  }
  const ofPlugin = pluginGroups.has(groupOf(object)) && !harmless.test(kind);
  if (!ofPlugin && !policyKind.test(kind)) return undefined;
  if (tierDialect(object) !== undefined) return undefined;
  return policy(
    object,
    "kind",
    `"${apiVersion}/${kind}" is a kind of policy that this analysis does not know`,
  );
}

function policy(object: KubeObject, path: string, reason: string): ForeignPolicy {
  return { object, namespace: object.namespace ?? unknown, path, reason };
}
