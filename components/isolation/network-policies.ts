import type * as k8s from "@pulumi/kubernetes";
import { namespaceName } from "../lib/labels.ts";

type NetworkPolicyArgs = k8s.networking.v1.NetworkPolicyArgs;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;

/** Pods of one namespace; all of them where no labels are given. */
export interface Peers {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Machines that are no pods, by their addresses. */
export interface Ranges {
  readonly cidrs: readonly string[];
}

/** One connection that is allowed: who opens it, to whom, on which ports. */
export interface Edge {
  /** Names the policies; says what the edge is for, such as `gateway-to-llama-3-70b`. */
  readonly name: string;
  readonly from: Peers | Ranges;
  readonly to: (Peers & { readonly labels: Readonly<Record<string, string>> }) | Ranges;
  readonly ports: readonly number[];
  /** @default - TCP alone */
  readonly protocols?: readonly ("TCP" | "UDP")[];
}

/** The half of an edge that a namespace of the stack has to allow. */
export interface Half {
  readonly suffix: "in" | "out";
  readonly namespace: string;
  readonly policy: NetworkPolicyArgs;
}

/** Both halves of an edge; machines outside have no policies. */
export function halves(edge: Edge): Half[] {
  const { from, to } = edge;
  return [
    ...("cidrs" in to
      ? []
      : [{ suffix: "in", namespace: to.namespace, policy: allowIn(edge, to) } as const]),
    ...("cidrs" in from
      ? []
      : [{ suffix: "out", namespace: from.namespace, policy: allowOut(edge, from) } as const]),
  ];
}

/** Nothing in, nothing out, for every pod the namespace will ever hold, whatever its labels. */
export function denyAll(namespace: string): NetworkPolicyArgs {
  return {
    metadata: { name: "default-deny", namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

/** The receiving half of an edge, in the namespace of its target. */
function allowIn(edge: Edge, to: Peers): NetworkPolicyArgs {
  return {
    metadata: { name: `${edge.name}-in`, namespace: to.namespace },
    spec: {
      podSelector: selector(to),
      policyTypes: ["Ingress"],
      ingress: [{ from: peers(edge.from), ports: ports(edge) }],
    },
  };
}

/** The sending half of an edge, in the namespace of its source. */
function allowOut(edge: Edge, from: Peers): NetworkPolicyArgs {
  return {
    metadata: { name: `${edge.name}-out`, namespace: from.namespace },
    spec: {
      podSelector: selector(from),
      policyTypes: ["Egress"],
      egress: [{ to: peers(edge.to), ports: ports(edge) }],
    },
  };
}

function ports({ ports: numbers, protocols = ["TCP"] }: Edge): Port[] {
  return protocols.flatMap((protocol) => numbers.map((port) => ({ protocol, port })));
}

/** Namespace by its immutable name label and pods by theirs, in one element: both must hold. */
function peers(side: Peers | Ranges): Peer[] {
  if ("cidrs" in side) return side.cidrs.map((cidr) => ({ ipBlock: { cidr } }));
  return [
    {
      namespaceSelector: { matchLabels: { [namespaceName]: side.namespace } },
      podSelector: selector(side),
    },
  ];
}

function selector({ labels }: Peers) {
  return labels === undefined ? {} : { matchLabels: labels };
}
