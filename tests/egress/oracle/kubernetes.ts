/**
 * The objects that the brute-force evaluator reads, as the Kubernetes API writes them. Optional fields
 * may be absent, since absence and emptiness mean different things there.
 */

export const protocols = ["TCP", "UDP", "SCTP"] as const;
export type Protocol = (typeof protocols)[number];

export type Labels = Readonly<Record<string, string>>;

export type Requirement = {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
};

export type LabelSelector = {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly Requirement[];
};

export type IpBlock = { readonly cidr: string; readonly except?: readonly string[] };

export type PolicyPeer = {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: IpBlock;
};

export type PolicyPort = {
  readonly protocol?: Protocol;
  readonly port?: number | string;
  readonly endPort?: number;
};

export type IngressRule = {
  readonly from?: readonly PolicyPeer[];
  readonly ports?: readonly PolicyPort[];
};

export type EgressRule = {
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly PolicyPort[];
};

export type PolicyType = "Ingress" | "Egress";

export type PolicySpec = {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly PolicyType[];
  readonly ingress?: readonly IngressRule[];
  readonly egress?: readonly EgressRule[];
};

/** networking.k8s.io/v1 NetworkPolicy. */
export type NetworkPolicy = {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: PolicySpec;
};

export type NamespacedPods = {
  readonly namespaceSelector: LabelSelector;
  readonly podSelector: LabelSelector;
};

export type Subject = { readonly namespaces: LabelSelector } | { readonly pods: NamespacedPods };

export type TierPeer = Subject | { readonly networks: readonly string[] };

export type PortMatch =
  | { readonly number: number }
  | { readonly range: { readonly start: number; readonly end: number } };

type TransportMatch = { readonly destinationPort: PortMatch };

/** One entry of `protocols` in a ClusterNetworkPolicy. */
export type ProtocolMatch =
  | { readonly tcp: TransportMatch }
  | { readonly udp: TransportMatch }
  | { readonly sctp: TransportMatch }
  | { readonly destinationNamedPort: string };

export type ClusterRule = {
  readonly action: "Accept" | "Deny" | "Pass";
  readonly protocols?: readonly ProtocolMatch[];
};

/** policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy. */
export type ClusterPolicy = {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly tier: "Admin" | "Baseline";
    readonly priority: number;
    readonly subject: Subject;
    readonly ingress?: readonly (ClusterRule & { readonly from: readonly Subject[] })[];
    readonly egress?: readonly (ClusterRule & { readonly to: readonly TierPeer[] })[];
  };
};

/** One entry of `ports` in an AdminNetworkPolicy; an absent protocol is TCP. */
export type AdminPort =
  | { readonly portNumber: { readonly protocol?: Protocol; readonly port: number } }
  | {
      readonly portRange: {
        readonly protocol?: Protocol;
        readonly start: number;
        readonly end: number;
      };
    }
  | { readonly namedPort: string };

export type AdminRule = {
  readonly action: "Allow" | "Deny" | "Pass";
  readonly ports?: readonly AdminPort[];
};

export type AdminSpec = {
  readonly subject: Subject;
  readonly ingress?: readonly (AdminRule & { readonly from: readonly Subject[] })[];
  readonly egress?: readonly (AdminRule & { readonly to: readonly TierPeer[] })[];
};

/** policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy. */
export type AdminPolicy = {
  readonly metadata: { readonly name: string };
  readonly spec: AdminSpec & { readonly priority: number };
};

/** policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy. */
export type BaselinePolicy = { readonly spec: AdminSpec };

export type ContainerPort = {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: Protocol;
};

export type Pod = {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** One per address family. */
  readonly addresses: readonly string[];
  readonly ports: readonly ContainerPort[];
};

export type ServicePort = {
  readonly port: number;
  readonly protocol?: Protocol;
  /** Number, or name of a port of the pod. @default - the port itself */
  readonly targetPort?: number | string;
};

export type Service = {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Labels;
  readonly clusterIP: string;
  readonly externalIPs?: readonly string[];
  readonly ports: readonly ServicePort[];
};

export type Namespace = {
  readonly name: string;
  /** Labels of the Namespace object; absent where no such object was given. */
  readonly labels?: Labels;
};

/** A small cluster, complete with all that decides who may talk to whom. */
export type Universe = {
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly policies: readonly NetworkPolicy[];
  readonly clusterPolicies: readonly ClusterPolicy[];
  readonly adminPolicies: readonly AdminPolicy[];
  readonly baseline?: BaselinePolicy;
  readonly services?: readonly Service[];
};
