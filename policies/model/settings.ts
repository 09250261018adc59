import type { NetworkConfig } from "../../components/lib/stack/network.ts";
import type { PolicyConfig } from "../../components/lib/stack/policies.ts";

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
  /** Groups that may act inside the walls in an emergency (`access.breakGlass`). */
  readonly breakGlassGroups: ReadonlySet<string>;
  /** Address ranges and network plugin; `undefined`: none declared. */
  readonly network: NetworkConfig | undefined;
  /** How the cluster comes about; `local`: containers are simulated. `undefined`: nobody said. */
  readonly clusterKind: "local" | "eks" | "bare-metal" | undefined;
  readonly policies: PolicyConfig;
}
