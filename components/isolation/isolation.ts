import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AdmissionEntry } from "../lib/admission-objects.ts";
import { customResource } from "../lib/custom-resource.ts";
import { adminGuard, type ClusterNetworkPolicy } from "./admin-guard.ts";
import { Admission } from "./admission.ts";
import { type InfrastructureParts, infrastructurePolicies } from "./infrastructure-policies.ts";
import { denyAll, type Edge, halves } from "./network-policies.ts";

/** Pod Security level that the API server enforces on a namespace. */
export type PodSecurityLevel = "restricted" | "privileged";

export interface IsolatedNamespace {
  readonly name: string;
  /** `privileged` only where the workload needs the host: drivers, node metrics. */
  readonly podSecurity: PodSecurityLevel;
  /** Whether nothing may go in or out unless an edge says so. */
  readonly denyByDefault: boolean;
  /**
   * Whether its way out is also denied in the admin tier; needs a network plugin that knows it.
   * @default false
   */
  readonly adminGuard?: boolean;
}

export interface IsolationArgs {
  /** Namespaces this stack owns. */
  readonly namespaces: readonly IsolatedNamespace[];
  /** The only connections allowed into and out of namespaces that deny by default. */
  readonly edges: readonly Edge[];
  /** What the API server refuses in these namespaces, whoever asks. */
  readonly admission: readonly AdmissionEntry[];
  /**
   * What runs beside the models, where the network plugin denies by default.
   * @default - the plugin leaves a namespace without policies open, so nothing is needed
   */
  readonly infrastructure?: InfrastructureParts;
}

/**
 * The walls: namespaces, default deny, admission, and the few edges through it. Comes before every
 * workload. Edges come after admission: an edge that the stack newly allows would be refused by the
 * policies of before.
 */
export class Isolation extends pulumi.ComponentResource {
  /** Namespaces by name; depend on these where a chart or an object needs its namespace to exist. */
  readonly namespaces: ReadonlyMap<string, k8s.core.v1.Namespace>;
  /** Leaf resources that must stand before a workload starts. */
  readonly guards: readonly pulumi.Resource[];

  constructor(name: string, args: IsolationArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:isolation:Isolation", name, shape(args), opts);
    const namespaces = this.closed(name, args.namespaces);
    const walls = [...namespaces.values()].flatMap(({ made, deny }) => [made, ...deny]);
    const { guards: bindings } = new Admission(
      `${name}-admission`,
      { entries: args.admission },
      { parent: this, dependsOn: walls },
    );
    const edges = args.edges.flatMap((edge) => this.edge(name, edge, namespaces, bindings));
    this.namespaces = new Map([...namespaces].map(([key, { made }]) => [key, made]));
    const infrastructure = this.infrastructure(name, args.infrastructure, this.namespaces);
    this.guards = [...walls, ...bindings, ...edges, ...infrastructure];
    this.registerOutputs({ namespaces: [...namespaces.keys()] });
  }

  /** Namespaces by name, each with its default deny where it has one. */
  private closed(name: string, namespaces: readonly IsolatedNamespace[]): Map<string, Closed> {
    return new Map(
      namespaces.map((namespace): [string, Closed] => {
        const child = `${name}-${namespace.name}`;
        const made = new k8s.core.v1.Namespace(child, namespaceObject(namespace), { parent: this });
        const guard =
          namespace.adminGuard === true ? [this.adminGuard(child, namespace.name, made)] : [];
        if (!namespace.denyByDefault) return [namespace.name, { made, deny: guard, denies: false }];
        const deny = new k8s.networking.v1.NetworkPolicy(
          `${child}-default-deny`,
          denyAll(namespace.name),
          { parent: this, dependsOn: [made] },
        );
        return [namespace.name, { made, deny: [deny, ...guard], denies: true }];
      }),
    );
  }

  private adminGuard(child: string, namespace: string, made: pulumi.Resource): pulumi.Resource {
    return customResource<ClusterNetworkPolicy>(
      `${child}-admin-guard`,
      { apiVersion: "policy.networking.k8s.io/v1alpha2", kind: "ClusterNetworkPolicy" },
      { metadata: { name: `private-llm-${namespace}` }, spec: adminGuard(namespace) },
      { parent: this, dependsOn: [made] },
    );
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
    namespaces: ReadonlyMap<string, Closed>,
    bindings: readonly pulumi.Resource[],
  ): pulumi.Resource[] {
    return halves(edge).flatMap((half) => {
      const closed = namespaces.get(half.namespace);
      if (closed === undefined || !closed.denies) return [];
      return [
        new k8s.networking.v1.NetworkPolicy(`${name}-${edge.name}-${half.suffix}`, half.policy, {
          parent: this,
          dependsOn: [closed.made, ...bindings],
        }),
      ];
    });
  }
}

/** The arguments as policies and state may see them; the admission policies are resources of their own. */
function shape({ namespaces, edges }: IsolationArgs) {
  return { namespaces, edges };
}

/** A namespace of this stack with what closes it. */
interface Closed {
  readonly made: k8s.core.v1.Namespace;
  readonly deny: readonly pulumi.Resource[];
  readonly denies: boolean;
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
