import type { Load } from "../../components/lib/fit/question.ts";
import type { GpuModel } from "../../components/lib/gpus.ts";
import type { CachePrecision, Precision } from "../../components/lib/models/precision.ts";
import type { NetworkConfig } from "../../components/lib/stack/network.ts";
import type { PolicyConfig } from "../../components/lib/stack/policies.ts";
import type { SourceAddress } from "../../components/lib/stack/weights.ts";

/** One model that a stack serves. */
export interface StackModel {
  /** Name of its objects, and the one that clients send. */
  readonly name: string;
  /** Its name in the catalogue, or among the models of the stack's own. */
  readonly model: string;
  readonly precision: Precision;
  readonly cachePrecision: CachePrecision;
  readonly gpus: number;
  readonly contextTokens: number;
  readonly load: Load;
}

export interface Serving {
  /** `undefined`: the stack names none, or none that is known. */
  readonly gpu: GpuModel | undefined;
  readonly models: readonly StackModel[];
}

export interface Staging {
  readonly namespace: string;
  /** The one place that it may connect to; `undefined`: nothing is staged, so there is none. */
  readonly source: SourceAddress | undefined;
}

/** What the rules must be told about a stack; declared in its stack file, never read from outputs. */
export interface Settings {
  /** Host (and optional path prefix) of the private registry; `undefined`: none declared. */
  readonly registry: string | undefined;
  /** Namespaces that hold models or prompts. "every" where no stack declares them. */
  readonly inferenceNamespaces: ReadonlySet<string> | "every";
  /** Namespaces of cluster infrastructure (operators, monitoring, kube-system), where pods need rights that inference never gets. */
  readonly infrastructureNamespaces: ReadonlySet<string>;
  /** Namespace of the gateway; `undefined`: none declared. */
  readonly gatewayNamespace: string | undefined;
  /** Namespace of Prometheus; `undefined`: none declared. */
  readonly monitoringNamespace: string | undefined;
  /** Namespace that alone stages weights; `undefined`: none declared. */
  readonly staging: Staging | undefined;
  /** Groups that may act inside the walls in an emergency (`access.breakGlass`). */
  readonly breakGlassGroups: ReadonlySet<string>;
  /** Address ranges and network plugin; `undefined`: none declared. */
  readonly network: NetworkConfig | undefined;
  /** How the cluster comes about; `local`: containers are simulated. `undefined`: nobody said. */
  readonly clusterKind: "local" | "eks" | "bare-metal" | undefined;
  /** What the stack says about its models and the GPUs that they run on. */
  readonly serving: Serving;
  readonly policies: PolicyConfig;
}
