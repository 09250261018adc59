/** What the analysis says, as plain JSON; `npm run egress -- … --json` prints exactly this. */
export interface EgressReport {
  /** Sorted by namespace, kind and name. */
  readonly workloads: readonly WorkloadEgress[];
  /** Whatever could not be read; each was taken at its widest, and nothing is proven while one stands. */
  readonly errors: readonly AnalysisError[];
  /** What is decided, but differs between network plugins. */
  readonly warnings: readonly AnalysisError[];
}

export interface WorkloadEgress {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Whether some policy certainly selects its pods for egress. */
  readonly isolated: boolean;
  /** Whether its pods share the network of their node, where no policy reaches them. */
  readonly hostNetwork: boolean;
  /** Addresses that packets may go to, those of the cluster's own ranges included. Minimal and sorted. */
  readonly external: readonly ExternalRange[];
  /** Workloads and Services of the same objects that it may open a connection to. Sorted. */
  readonly inCluster: readonly InClusterPeer[];
  /** Every rule that lets something out, and every reason for which nothing holds it back. */
  readonly because: readonly Because[];
}

export interface ExternalRange {
  readonly family: 4 | 6;
  readonly cidr: string;
  readonly protocol: Protocol;
  readonly fromPort: number;
  readonly toPort: number;
}

export interface InClusterPeer {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly protocol: Protocol;
  readonly fromPort: number;
  readonly toPort: number;
}

export type Protocol = "TCP" | "UDP" | "SCTP";

export interface Because {
  /** "NetworkPolicy shop/allow-web". */
  readonly object: string;
  /** Dotted path of the rule inside it, such as `spec.egress[0].to[1]`; empty for the object itself. */
  readonly path: string;
  readonly reason: string;
}

export interface AnalysisError {
  /** "NetworkPolicy shop/allow-web", or a file where no object could be read. */
  readonly object: string;
  readonly path: string;
  /** Field, value and reason. */
  readonly reason: string;
}
