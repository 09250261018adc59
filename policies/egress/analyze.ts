import type { KubeObject } from "../model/kube-object.ts";
import { onceEach } from "../model/once-each.ts";
import { closureOf, type Reached, type Relay } from "./decide/closure.ts";
import { type External, externalOf, type Reason } from "./decide/external.ts";
import { type Governing, governing, type Subject } from "./decide/governing.ts";
import type { Neighbour } from "./decide/neighbours.ts";
import { indexPods, type Pods } from "./decide/pods.ts";
import { Reach } from "./decide/reach.ts";
import { type Fronts, serviceFronts } from "./decide/service-fronts.ts";
import { type Detour, detours, indexServices, type ServiceIndex } from "./decide/service-reach.ts";
import { type GoverningTiers, governingTiers, hasTiers } from "./decide/tier-steps.ts";
import { type CniProfile, specification } from "./profiles.ts";
import { anyLabels, type Selector } from "./read/labels.ts";
import { type Model, type ObjectFault, readModel } from "./read/model.ts";
import type { NetworkPolicy } from "./read/network-policy.ts";
import type { Direction } from "./read/network-policy-rule.ts";
import { addressOf, type Outside } from "./read/services.ts";
import type { TierPolicy } from "./read/tier-policy.ts";
import type { Workload } from "./read/workloads.ts";
import { reportOf } from "./report.ts";
import type { AnalysisError, EgressReport } from "./result.ts";
import {
  type Addresses,
  addressesHold,
  block,
  noAddress,
  uniteAddresses,
} from "./sets/addresses.ts";
import { type PortRange, rangesOf } from "./sets/ports.ts";
import { everywhere, nowhere, type Region, unite } from "./sets/region.ts";

export interface AnalysisOptions {
  /** Ranges of the cluster. @default - unknown; addresses of pods are then looked for in private ranges */
  readonly network?: {
    readonly podCidr: string;
    readonly serviceCidr: string;
    readonly nodeCidr: string;
  };
  /** @default - exactly what the specification says */
  readonly profile?: CniProfile;
  /** Workloads at which the search for hidden ways out ends. @default - none */
  readonly relays?: readonly Relay[];
}

/** Where addresses of pods may lie if nobody says: RFC 1918, RFC 6598 and RFC 4193. */
const privateRanges = uniteAddresses(
  ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"].map(block),
);

/** Reads the objects; what is asked of the result is computed then, and once. */
export function analyze(objects: readonly KubeObject[], options: AnalysisOptions = {}): Analysis {
  return new Analysis(objects, options);
}

/** Effective egress of a set of objects, given a profile of the network plugin. */
export class Analysis {
  readonly workloads: readonly Workload[];
  /** Whatever could not be read, and was taken at its widest. */
  readonly faults: readonly ObjectFault[];
  readonly warnings: readonly AnalysisError[];
  /** Parts of Services that lead, or may lead, out of the cluster. */
  readonly outside: readonly Outside[];
  readonly profile: CniProfile;
  /** NetworkPolicies as read, for rules that judge how they are written. */
  readonly policies: readonly NetworkPolicy[];
  /** Tier policies as written, whether or not the network plugin enforces them. */
  readonly tiers: readonly TierPolicy[];

  readonly #model: Model;
  readonly #pods: Pods;
  readonly #services: ServiceIndex;
  readonly #nodes: Addresses | undefined;
  readonly #relays: readonly Relay[];
  readonly #governing: Readonly<Record<Direction, (subject: Subject) => Governing>>;
  readonly #tiers: Readonly<Record<Direction, (subject: Subject) => GoverningTiers>>;
  readonly #external = new Map<string, External>();
  readonly #fronts: (out: Region) => Fronts;
  readonly #reach: Reach;
  #populated: ReadonlySet<unknown> | undefined;

  constructor(objects: readonly KubeObject[], options: AnalysisOptions) {
    const { network, profile = specification, relays = [] } = options;
    const model = readModel(objects, profile);
    const pods = indexPods(model.workloads, model.namespaces);
    this.profile = profile;
    this.workloads = model.workloads;
    this.faults = model.faults;
    this.warnings = model.warnings;
    this.policies = model.policies;
    this.tiers = model.stated;
    this.#model = model;
    this.#pods = pods;
    this.#services = indexServices(model.services.all, pods);
    const podRanges = network === undefined ? privateRanges : block(network.podCidr);
    this.#fronts = serviceFronts(
      model.services.all,
      network === undefined ? undefined : block(network.serviceCidr),
    );
    this.#nodes = network === undefined ? undefined : block(network.nodeCidr);
    this.#relays = relays;
    this.outside = outsideOf(model, uniteAddresses([podRanges, this.#nodes ?? noAddress]));
    const of = (direction: Direction) =>
      onceEach(governing(model.policies, model.foreign, direction));
    const tiersOf = (direction: Direction) =>
      onceEach(governingTiers(model.tiers, direction, pods.matchNamespace));
    this.#governing = { Egress: of("Egress"), Ingress: of("Ingress") };
    this.#tiers = { Egress: tiersOf("Egress"), Ingress: tiersOf("Ingress") };
    this.#reach = new Reach({
      workloads: model.workloads,
      pods,
      services: this.#services,
      governing: this.#governing,
      tiers: this.#tiers,
      isHeld: (workload) => this.#unheld(workload) === undefined,
      podRanges,
      hostRanges: this.#nodes ?? privateRanges,
      frontsOf: (from) => this.#frontsOf(from),
    });
  }

  /** The whole as plain JSON. */
  report(): EgressReport {
    return reportOf(this);
  }

  /** The workload of a key such as "shop/Deployment/web". @throws Error where there is none */
  workload(key: string): Workload {
    const found = this.#pods.byKey.get(key);
    if (found === undefined) throw new Error(`no workload ${key} among those analysed`);
    return found;
  }

  /** Whether some policy certainly selects its pods for egress, and is enforced on them. */
  isolated(workload: Workload): boolean {
    if (this.#unheld(workload) !== undefined) return false;
    return this.#governing.Egress(workload).isolated === "yes";
  }

  /** Where packets of a workload may go, and why. */
  external(workload: Workload): External {
    const unheld = this.#unheld(workload);
    if (unheld !== undefined) return { region: everywhere, because: [unheld] };
    const policies = this.#externalOf(workload);
    const unbound = this.isolated(workload)
      ? []
      : [free(workload.object, "no NetworkPolicy certainly selects it for egress")];
    const detour = this.detour(policies);
    return {
      region: unite(policies.region, detour.region),
      because: [...unbound, ...policies.because, ...detour.because],
    };
  }

  /** What a pod of any labels in the namespace could send, be it on no host's network. */
  envelope(namespace: string): External & { readonly isolated: boolean } {
    const subject = { namespace, labels: anyLabels };
    if (!this.profile.enforces) {
      return { region: everywhere, because: [this.#unenforced()], isolated: false };
    }
    const isolated = this.#governing.Egress(subject).isolated === "yes";
    const policies = this.#externalOf(subject);
    const detour = this.detour(policies);
    const unbound = isolated
      ? []
      : [free(undefined, `no NetworkPolicy selects every pod of "${namespace}" for egress`)];
    return {
      region: unite(policies.region, detour.region),
      because: [...unbound, ...policies.because, ...detour.because],
      isolated,
    };
  }

  /** Ports of a connection as either side's policies see it. */
  connection(
    fromKey: string,
    toKey: string,
  ): { readonly egress: readonly PortRange[]; readonly ingress: readonly PortRange[] } {
    const [from, to] = [this.workload(fromKey), this.workload(toKey)];
    return {
      egress: rangesOf(this.#reach.open(from, to, "Egress")),
      ingress: rangesOf(this.#reach.open(from, to, "Ingress")),
    };
  }

  /** Workloads that one may connect to, with the ports that both sides leave open. */
  neighbours(workload: Workload): readonly Neighbour[] {
    return this.#reach.neighbours(workload);
  }

  /** Everything that data of a workload can get to by way of other workloads. */
  closure(key: string): readonly Reached[] {
    return closureOf(this.workload(key), (from) => this.neighbours(from), this.#relays);
  }

  /** Rules that let a workload out, where policies govern it. */
  egressRules(workload: Workload): Governing["rules"] {
    return this.#unheld(workload) === undefined ? this.#governing.Egress(workload).rules : [];
  }

  /** Whether some workload of a namespace is among those analysed. */
  holdsPods(namespace: string): boolean {
    this.#populated ??= new Set(this.workloads.map((workload) => workload.namespace));
    return this.#populated.has(namespace);
  }

  get services(): ServiceIndex {
    return this.#services;
  }

  /** Where Services lead that are reached by their address. */
  detour(external: External): Detour {
    return detours(external.region, this.#model.services.all, this.#fronts(external.region));
  }

  /** Policies that decide who may connect to a workload; `undefined` where none can. */
  ingressPolicies(workload: Workload): Governing | undefined {
    return this.#unheld(workload) === undefined ? this.#governing.Ingress(workload) : undefined;
  }

  /** Workloads of one namespace that a selector finds, or may find. */
  podsOf(namespace: Workload["namespace"], selector: Selector): readonly Workload[] {
    return [...this.#pods.select({ own: namespace }, selector).keys()];
  }

  /** Why no policy holds a workload back; `undefined` where policies decide. */
  #unheld({ object, hostNetwork, opaque }: Workload): Reason | undefined {
    if (!this.profile.enforces) return this.#unenforced();
    if (opaque !== undefined) return free(object, opaque);
    if (!hostNetwork) return undefined;
    return free(
      object,
      "shares, or may share, the network of its node, where no policy reaches it",
    );
  }

  #unenforced(): Reason {
    return free(undefined, `the profile "${this.profile.name}" enforces no network policies`);
  }

  /** Pods that the same policies govern, and no tier does, share one answer. */
  readonly #externalOf = onceEach((subject: Subject): External => {
    const tiers = this.#tiers.Egress(subject);
    const policies = this.#governing.Egress(subject);
    if (hasTiers(tiers)) return externalOf(policies, tiers, this.#nodes);
    const known = this.#external.get(policies.key);
    const external = known ?? externalOf(policies, tiers, this.#nodes);
    this.#external.set(policies.key, external);
    return external;
  });

  #frontsOf(from: Workload): Fronts {
    return this.#fronts(this.#unheld(from) === undefined ? this.#externalOf(from).region : nowhere);
  }
}

/** The reason for which nothing holds something back. */
function free(object: KubeObject | undefined, reason: string): Reason {
  return { object, path: "", reason, opens: everywhere };
}

/** An endpoint of the cluster's own making leads out only if its address is none of the cluster's. */
function outsideOf({ services: { all, orphans } }: Model, inside: Addresses): readonly Outside[] {
  return [...all.flatMap((service) => service.outside), ...orphans].filter(
    ({ controlled, field }) => {
      const address = addressOf(field);
      return !controlled || address === undefined || !addressesHold(inside, address);
    },
  );
}
