/** What the rules must be told about a stack; declared in its stack file, never read from outputs. */
export interface Settings {
  /** Host (and optional path prefix) of the private registry; `undefined`: none declared. */
  readonly registry: string | undefined;
  /** Namespaces that hold models or prompts. "every" where no stack declares them. */
  readonly inferenceNamespaces: ReadonlySet<string> | "every";
  /** Namespaces of cluster infrastructure (operators, monitoring, kube-system), where pods need rights that inference never gets. */
  readonly infrastructureNamespaces: ReadonlySet<string>;
}
