import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type InfrastructureParts, infrastructurePolicies } from "./infrastructure-policies.ts";
import { allowIn, allowOut, denyAll, type Edge } from "./network-policies.ts";

/** Pod Security level that the API server enforces on a namespace. */
export type PodSecurityLevel = "restricted" | "privileged";

export interface IsolatedNamespace {
  readonly name: string;
  /** `privileged` only where the workload needs the host: drivers, node metrics. */
  readonly podSecurity: PodSecurityLevel;
  /** Whether nothing may go in or out unless an edge says so. */
  readonly denyByDefault: boolean;
}

export interface IsolationArgs {
  /** Namespaces this stack owns. */
  readonly namespaces: readonly IsolatedNamespace[];
  /** The only connections allowed into and out of namespaces that deny by default. */
  readonly edges: readonly Edge[];
  /**
   * What runs beside the models, where the network plugin denies by default.
   * @default - the plugin leaves a namespace without policies open, so nothing is needed
   */
  readonly infrastructure?: InfrastructureParts;
}

/** The walls: namespaces, default deny, and the few edges through it. Comes before every workload. */
export class Isolation extends pulumi.ComponentResource {
  /** Namespaces by name; depend on these where a chart or an object needs its namespace to exist. */
  readonly namespaces: ReadonlyMap<string, k8s.core.v1.Namespace>;
  /** Leaf resources that must stand before a workload starts. */
  readonly guards: readonly pulumi.Resource[];

  constructor(name: string, args: IsolationArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:isolation:Isolation", name, args, opts);
    const namespaces = new Map<string, k8s.core.v1.Namespace>();
    const guards: pulumi.Resource[] = [];
    for (const namespace of args.namespaces) {
      const made = new k8s.core.v1.Namespace(
        `${name}-${namespace.name}`,
        namespaceObject(namespace),
        { parent: this },
      );
      namespaces.set(namespace.name, made);
      guards.push(made);
      if (!namespace.denyByDefault) continue;
      guards.push(
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${namespace.name}-default-deny`,
          denyAll(namespace.name),
          { parent: this, dependsOn: [made] },
        ),
      );
    }
    const denied = new Set(
      args.namespaces.filter((one) => one.denyByDefault).map((one) => one.name),
    );
    for (const edge of args.edges) guards.push(...this.edge(name, edge, denied, namespaces));
    guards.push(...this.infrastructure(name, args.infrastructure, namespaces));
    this.namespaces = namespaces;
    this.guards = guards;
    this.registerOutputs({ namespaces: [...namespaces.keys()] });
  }

  private infrastructure(
    name: string,
    parts: InfrastructureParts | undefined,
    namespaces: ReadonlyMap<string, k8s.core.v1.Namespace>,
  ): pulumi.Resource[] {
    if (parts === undefined) return [];
    return infrastructurePolicies(parts).map(({ namespace, policy, suffix }) => {
      const owned = namespaces.get(namespace);
      return new k8s.networking.v1.NetworkPolicy(`${name}-${suffix}`, policy, {
        parent: this,
        dependsOn: owned === undefined ? [] : [owned],
      });
    });
  }

  /** Both halves of an edge; a namespace that does not deny needs no half. */
  private edge(
    name: string,
    edge: Edge,
    denied: ReadonlySet<string>,
    namespaces: ReadonlyMap<string, k8s.core.v1.Namespace>,
  ): pulumi.Resource[] {
    const halves = [
      { suffix: "in", namespace: edge.to.namespace, policy: allowIn(edge) },
      { suffix: "out", namespace: edge.from.namespace, policy: allowOut(edge) },
    ];
    return halves
      .filter((half) => denied.has(half.namespace))
      .map((half) => {
        const namespace = namespaces.get(half.namespace);
        return new k8s.networking.v1.NetworkPolicy(
          `${name}-${edge.name}-${half.suffix}`,
          half.policy,
          { parent: this, dependsOn: namespace === undefined ? [] : [namespace] },
        );
      });
  }
}

function namespaceObject(namespace: IsolatedNamespace): k8s.core.v1.NamespaceArgs {
  const level = namespace.podSecurity;
  return {
    metadata: {
      name: namespace.name,
      labels: {
        "app.kubernetes.io/part-of": "private-llm",
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/audit": level,
        "pod-security.kubernetes.io/warn": level,
      },
    },
  };
}
