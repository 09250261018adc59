import type { AnalysisOptions } from "../../../policies/egress/analyze.ts";
import type { Resource } from "../../../policies/model/resource.ts";

/** Some objects and what the analysis has to say of one workload among them. */
export interface Vector {
  readonly title: string;
  readonly resources: readonly Resource[];
  readonly options?: AnalysisOptions;
  /** "shop/Pod/web" */
  readonly workload: string;
  readonly isolated?: boolean;
  readonly hostNetwork?: boolean;
  /** Exactly what it may reach: "10.0.0.0/8 TCP 443", "fd00::/8 UDP 53-54", "::/0 all", or "everything". */
  readonly external?: readonly string[];
  /** Some of what it may reach, where the rest is left to the analysis. */
  readonly covers?: readonly string[];
  /** What it may not reach. */
  readonly excludes?: readonly string[];
  /** Some of the peers in the cluster that it may reach: "shop/Service/db TCP 5432". */
  readonly peers?: readonly string[];
  /** Peers in the cluster, by key, that it may not reach on any port. */
  readonly noPeers?: readonly string[];
  /** Some of the rules that let something out: "NetworkPolicy shop/allow spec.egress[0]". */
  readonly because?: readonly string[];
  /** All of them, in any order. */
  readonly onlyBecause?: readonly string[];
  /** Beginnings of "NetworkPolicy shop/allow spec.egress[0]": each must be an error. @default - no errors at all */
  readonly errors?: readonly string[];
  /** The same for warnings. @default - warnings are not looked at */
  readonly warnings?: readonly string[];
}

/** Some objects and who may open a connection to whom: both sides must let it. */
export interface FlowTable {
  readonly title: string;
  readonly resources: readonly Resource[];
  readonly options?: AnalysisOptions;
  /** From, to, protocol and port, whether it passes. */
  readonly flows: readonly (readonly [from: string, to: string, port: string, passes: boolean])[];
  /** As in a vector. @default - no errors at all */
  readonly errors?: readonly string[];
}

/** Some objects and everything that data of one workload can get to by way of others. */
export interface PathVector {
  readonly title: string;
  readonly resources: readonly Resource[];
  readonly options?: AnalysisOptions;
  readonly from: string;
  /** Keys in alphabetical order, with the way in brackets where it matters. */
  readonly reached: readonly string[];
}
