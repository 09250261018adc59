import type { Rule } from "../read/network-policy-rule.ts";
import type { Workload } from "../read/workloads.ts";
import {
  allPorts,
  intersectPorts,
  isNoPorts,
  noPorts,
  type PortSet,
  unitePorts,
} from "../sets/ports.ts";
import type { Found } from "./pods.ts";
import { hasTiers } from "./tier-steps.ts";
import { type BlockRule, isBound, type Side } from "./views.ts";

export interface Neighbour {
  readonly workload: Workload;
  readonly ports: PortSet;
}

/** What finding neighbours needs to know of both sides. */
export interface Sides {
  readonly all: readonly Workload[];
  readonly egress: (workload: Workload) => Side;
  readonly ingress: (workload: Workload) => Side;
  /** Whether addresses of a workload differ from those of pods that do not run yet. */
  readonly isPlaced: (workload: Workload) => boolean;
  /** Whether a rule on addresses concerns pods that do not run yet. */
  readonly meetsUnplaced: (block: BlockRule) => boolean;
  /** Workloads that a source may reach by the address of a Service. */
  readonly behindServices: (from: Workload) => readonly Workload[];
  /** Ports of a connection; `undefined` where there are none. */
  readonly between: (from: Workload, to: Workload) => PortSet | undefined;
}

/**
 * Finds the workloads that one may connect to, without trying every pair: a rule of the source names the
 * target, or the source is open to pods that it does not name and the target lets it in on the same ports.
 */
export function neighbours(sides: Sides): (from: Workload) => readonly Neighbour[] {
  const placed = sides.all.filter(sides.isPlaced);
  const doors = doorsOf(sides, placed.length > 0);
  const found = new Map<Workload, readonly Neighbour[]>();
  return (from) => {
    const known = found.get(from);
    if (known !== undefined) return known;
    const side = sides.egress(from);
    const named = side.view.named.flatMap((each) => [...each.found.keys()]);
    const toPlaced = side.view.blocks.length > 0 ? placed : [];
    const candidates = new Set([
      ...named,
      ...toPlaced,
      ...throughDoors(from, side, doors, sides),
      ...sides.behindServices(from),
    ]);
    const answer = [...candidates].flatMap((workload): readonly Neighbour[] => {
      // A single pod is no peer of itself; the pods of a controller are peers of one another.
      if (workload === from && from.object.kind === "Pod") return [];
      const ports = sides.between(from, workload);
      return ports === undefined ? [] : [{ workload, ports }];
    });
    found.set(from, answer);
    return answer;
  };
}

/** Targets that let the same sources in on the same ports. */
interface Door {
  readonly ports: PortSet;
  readonly targets: Workload[];
}

interface Doors {
  readonly forEverybody: ReadonlyMap<string, Door>;
  readonly forFound: ReadonlyMap<Found, ReadonlyMap<string, Door>>;
  /** The answers of `forFound` that hold a workload; made when the first source asks. */
  readonly openTo: (workload: Workload) => readonly Found[];
}

function doorsOf(sides: Sides, anyPlaced: boolean): Doors {
  const { all, ingress, meetsUnplaced } = sides;
  const forEverybody = new Map<string, Door>();
  const forFound = new Map<Found, Map<string, Door>>();
  for (const target of all) {
    const { view, tiers } = ingress(target);
    // Tiers can open what a NetworkPolicy closes, so they leave nothing out.
    if (!isBound(view) || hasTiers(tiers)) enter(forEverybody, allPorts, target);
    const blocks = view.blocks.filter((block) => anyPlaced || meetsUnplaced(block));
    const general = [...view.everybody, ...blocks.map(({ rule }) => rule)];
    for (const rule of general) enter(forEverybody, widestPorts(rule), target);
    for (const { found, rule } of view.named) {
      const doors = forFound.get(found) ?? new Map<string, Door>();
      forFound.set(found, doors);
      enter(doors, widestPorts(rule), target);
    }
  }
  let byWorkload: Map<Workload, Found[]> | undefined;
  const openTo = (workload: Workload) => {
    byWorkload ??= invert([...forFound.keys()]);
    return byWorkload.get(workload) ?? [];
  };
  return { forEverybody, forFound, openTo };
}

function enter(doors: Map<string, Door>, ports: PortSet, target: Workload): void {
  const door = doors.get(ports.key);
  if (door === undefined) doors.set(ports.key, { ports, targets: [target] });
  else if (door.targets.at(-1) !== target) door.targets.push(target);
}

/** A name may be any port until it is known whose it is. */
function widestPorts({ ports, named }: Rule): PortSet {
  return named.length > 0 ? allPorts : ports;
}

function invert(answers: readonly Found[]): Map<Workload, Found[]> {
  const inverted = new Map<Workload, Found[]>();
  for (const answer of answers) {
    for (const workload of answer.keys()) {
      const listed = inverted.get(workload);
      if (listed === undefined) inverted.set(workload, [answer]);
      else listed.push(answer);
    }
  }
  return inverted;
}

function throughDoors(from: Workload, side: Side, doors: Doors, sides: Sides): readonly Workload[] {
  const out = portsToStrangers(side, sides);
  if (isNoPorts(out)) return [];
  const open = (door: Door) => !isNoPorts(intersectPorts(out, door.ports));
  const mine = doors
    .openTo(from)
    .flatMap((found) => [...(doors.forFound.get(found)?.values() ?? [])]);
  return [...doors.forEverybody.values(), ...mine].filter(open).flatMap((door) => door.targets);
}

/** Ports on which a source may reach pods that none of its rules names. */
function portsToStrangers({ view, tiers }: Side, { meetsUnplaced }: Sides): PortSet {
  if (!isBound(view) || hasTiers(tiers)) return allPorts;
  const blocks = view.blocks.filter(meetsUnplaced).map(({ rule }) => rule);
  return [...view.everybody, ...blocks].map(widestPorts).reduce(unitePorts, noPorts);
}
