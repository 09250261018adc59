import { onceEach } from "../../model/once-each.ts";
import type { Direction } from "../read/network-policy-rule.ts";
import type { Workload } from "../read/workloads.ts";
import { type Addresses, addressesMeet } from "../sets/addresses.ts";
import { type PortSet, unitePorts } from "../sets/ports.ts";
import { meetPorts, portsToward } from "./connections.ts";
import type { Governing, Subject } from "./governing.ts";
import { type Neighbour, neighbours } from "./neighbours.ts";
import type { Pods } from "./pods.ts";
import { type Fronts, portsBehind } from "./service-fronts.ts";
import type { ServiceIndex } from "./service-reach.ts";
import { type GoverningTiers, noTiers } from "./tier-steps.ts";
import { type Side, unheldView, viewOf } from "./views.ts";

/** What connections between workloads are decided by. */
export interface ReachFacts {
  readonly workloads: readonly Workload[];
  readonly pods: Pods;
  readonly services: ServiceIndex;
  readonly governing: Readonly<Record<Direction, (subject: Subject) => Governing>>;
  readonly tiers: Readonly<Record<Direction, (subject: Subject) => GoverningTiers>>;
  /** Whether policies reach a workload at all. */
  readonly isHeld: (workload: Workload) => boolean;
  /** Where addresses of pods lie that are not known yet. */
  readonly podRanges: Addresses;
  /** The same for pods on the network of their node. */
  readonly hostRanges: Addresses;
  /** Services whose own address lies on the way out of a workload. */
  readonly frontsOf: (from: Workload) => Fronts;
}

/** Who may connect to whom. Each side of a workload is worked out once, when it is first asked for. */
export class Reach {
  readonly #facts: ReachFacts;
  readonly #side: Readonly<Record<Direction, (workload: Workload) => Side>> = {
    Egress: onceEach((workload) => this.#makeSide(workload, "Egress")),
    Ingress: onceEach((workload) => this.#makeSide(workload, "Ingress")),
  };
  readonly #views = new Map<string, Side["view"]>();
  readonly #neighbours: (from: Workload) => readonly Neighbour[];

  constructor(facts: ReachFacts) {
    this.#facts = facts;
    let found: ((from: Workload) => readonly Neighbour[]) | undefined;
    this.#neighbours = (from) => {
      found ??= this.#index();
      return found(from);
    };
  }

  /** Workloads that one may connect to, with the ports that both sides leave open. */
  neighbours(from: Workload): readonly Neighbour[] {
    return this.#neighbours(from);
  }

  /** Ports that the policies of one side leave open. */
  open(from: Workload, to: Workload, direction: Direction): PortSet {
    const { pods, services, frontsOf } = this.#facts;
    const [own, other] = direction === "Egress" ? [from, to] : [to, from];
    const peer = { workload: other, addresses: this.#rangeOf(other), target: to };
    const open = portsToward(this.#side[direction](own), peer, pods);
    if (direction === "Ingress") return open;
    return unitePorts(open, portsBehind(frontsOf(from), services.of(to), to));
  }

  #index(): (from: Workload) => readonly Neighbour[] {
    const { workloads, podRanges, services, frontsOf } = this.#facts;
    return neighbours({
      all: workloads,
      egress: this.#side.Egress,
      ingress: this.#side.Ingress,
      isPlaced: (each) => this.#rangeOf(each) !== podRanges,
      meetsUnplaced: (each) => addressesMeet(each.addresses, podRanges),
      behindServices: (from) =>
        [...frontsOf(from).keys()].flatMap((service) => services.behind(service)),
      between: (from, to) =>
        meetPorts(this.open(from, to, "Egress"), this.open(from, to, "Ingress")),
    });
  }

  #makeSide(workload: Workload, direction: Direction): Side {
    const { governing, tiers, isHeld, pods } = this.#facts;
    if (!isHeld(workload)) return { workload, view: unheldView, tiers: noTiers };
    const policies = governing[direction](workload);
    const key = `${direction} ${policies.key}`;
    const view = this.#views.get(key) ?? viewOf(policies, pods);
    this.#views.set(key, view);
    return { workload, view, tiers: tiers[direction](workload) };
  }

  /** Every address that a pod of a workload has, or may have. */
  #rangeOf({ addresses, hostNetwork }: Workload): Addresses {
    const { hostRanges, podRanges } = this.#facts;
    return addresses ?? (hostNetwork ? hostRanges : podRanges);
  }
}
