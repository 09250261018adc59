import type * as k8s from "@pulumi/kubernetes";
import { namespaceName } from "../lib/labels.ts";

type NetworkPolicyArgs = k8s.networking.v1.NetworkPolicyArgs;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Pods of one namespace; all of them where no labels are given. */
export interface Peers {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** One connection that is allowed: who opens it, to whom, on which TCP port. */
export interface Edge {
  /** Names the policies; says what the edge is for, such as `gateway-to-llama-3-70b`. */
  readonly name: string;
  readonly from: Peers;
  readonly to: Peers & { readonly labels: Readonly<Record<string, string>> };
  readonly port: number;
}

/** Nothing in, nothing out, for every pod the namespace will ever hold, whatever its labels. */
export function denyAll(namespace: string): NetworkPolicyArgs {
  return {
    metadata: { name: "default-deny", namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

/** The receiving half of an edge, in the namespace of its target. */
export function allowIn(edge: Edge): NetworkPolicyArgs {
  return {
    metadata: { name: `${edge.name}-in`, namespace: edge.to.namespace },
    spec: {
      podSelector: { matchLabels: edge.to.labels },
      policyTypes: ["Ingress"],
      ingress: [{ from: [peer(edge.from)], ports: [{ protocol: "TCP", port: edge.port }] }],
    },
  };
}

/** The sending half of an edge, in the namespace of its source. */
export function allowOut(edge: Edge): NetworkPolicyArgs {
  return {
    metadata: { name: `${edge.name}-out`, namespace: edge.from.namespace },
    spec: {
      podSelector: edge.from.labels === undefined ? {} : { matchLabels: edge.from.labels },
      policyTypes: ["Egress"],
      egress: [{ to: [peer(edge.to)], ports: [{ protocol: "TCP", port: edge.port }] }],
    },
  };
}

/** Namespace by its immutable name label and pods by theirs, in one element: both must hold. */
function peer(peers: Peers): Peer {
  return {
    namespaceSelector: { matchLabels: { [namespaceName]: peers.namespace } },
    podSelector: peers.labels === undefined ? {} : { matchLabels: peers.labels },
  };
}
