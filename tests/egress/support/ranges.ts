import type { ExternalRange } from "../../../policies/egress/result.ts";
import type { PortRange } from "../../../policies/egress/sets/ports.ts";
import { addressNumber, addressText, blockOf, familyBits, isIn } from "../oracle/addresses.ts";
import { type Protocol, protocols, type Universe } from "../oracle/kubernetes.ts";

export const lastPort = 65_535;

export function coversPort(
  ranges: readonly PortRange[],
  protocol: Protocol,
  port: number,
): boolean {
  return ranges.some(
    (each) => each.protocol === protocol && each.fromPort <= port && port <= each.toPort,
  );
}

export function coversAddress(
  ranges: readonly ExternalRange[],
  address: string,
  protocol: Protocol,
  port: number,
): boolean {
  const number = addressNumber(address);
  return ranges.some(
    (each) => coversPort([each], protocol, port) && isIn(number, blockOf(each.cidr)),
  );
}

/** Whether the first set of ports holds all of the second. */
export function holdsPorts(all: readonly PortRange[], some: readonly PortRange[]): boolean {
  return portBorders([...all, ...some]).every((port) =>
    protocols.every(
      (protocol) => !coversPort(some, protocol, port) || coversPort(all, protocol, port),
    ),
  );
}

/** Whether the first set of addresses and ports holds all of the second. */
export function holdsRanges(
  all: readonly ExternalRange[],
  some: readonly ExternalRange[],
): boolean {
  return everyPoint(
    [...all, ...some],
    (...point) => !coversAddress(some, ...point) || coversAddress(all, ...point),
  );
}

/** Whether two sets of addresses and ports have something in common. */
export function meet(one: readonly ExternalRange[], other: readonly ExternalRange[]): boolean {
  return !everyPoint(
    [...one, ...other],
    (...point) => !coversAddress(one, ...point) || !coversAddress(other, ...point),
  );
}

type Point = readonly [address: string, protocol: Protocol, port: number];

/** Whether something holds at one point of every stretch that no border of these ranges divides. */
function everyPoint(
  ranges: readonly ExternalRange[],
  holds: (...point: Point) => boolean,
): boolean {
  const addresses = addressBorders(ranges.map(({ cidr }) => cidr));
  const ports = portBorders(ranges);
  return addresses.every((address) =>
    protocols.every((protocol) => ports.every((port) => holds(address, protocol, port))),
  );
}

export function sameRanges(
  one: readonly ExternalRange[],
  other: readonly ExternalRange[],
): boolean {
  return holdsRanges(one, other) && holdsRanges(other, one);
}

/**
 * One address of every stretch that no border of these blocks divides: what holds for these addresses
 * holds for all, as long as nothing else draws a border.
 */
export function addressBorders(cidrs: readonly string[]): readonly string[] {
  const numbers = new Set<string>();
  for (const family of [4, 6] as const) {
    const end = 1n << BigInt(familyBits[family]);
    const blocks = cidrs.map(blockOf).filter((block) => block.family === family);
    for (const value of [0n, ...blocks.flatMap(({ first, last }) => [first, last + 1n])]) {
      if (value < end) numbers.add(addressText({ family, value }));
    }
  }
  return [...numbers];
}

/** One port of every stretch that no border of these ranges divides. */
export function portBorders(ranges: readonly Pick<PortRange, "fromPort" | "toPort">[]): number[] {
  const borders = new Set([1, ...ranges.flatMap(({ fromPort, toPort }) => [fromPort, toPort + 1])]);
  return [...borders].filter((port) => port >= 1 && port <= lastPort).toSorted((a, b) => a - b);
}

/** Every block and every address that draws a border in a universe. */
export function universeBlocks(universe: Universe): readonly string[] {
  const { pods, policies, clusterPolicies, adminPolicies, baseline, services = [] } = universe;
  const peers = policies.flatMap(({ spec }) => [
    ...(spec.egress ?? []).flatMap(({ to = [] }) => to),
    ...(spec.ingress ?? []).flatMap(({ from = [] }) => from),
  ]);
  const tierSpecs = [
    ...[...clusterPolicies, ...adminPolicies].map(({ spec }) => spec),
    ...(baseline === undefined ? [] : [baseline.spec]),
  ];
  const tierPeers = tierSpecs.flatMap(({ egress = [] }) => egress.flatMap(({ to }) => to));
  return [
    ...pods.flatMap(({ addresses }) => addresses.map(hostBlock)),
    ...services.map(({ clusterIP }) => hostBlock(clusterIP)),
    ...peers.flatMap(({ ipBlock }) =>
      ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])],
    ),
    ...tierPeers.flatMap((peer) => ("networks" in peer ? peer.networks : [])),
  ];
}

export function hostBlock(address: string): string {
  return `${address}/${address.includes(":") ? 128 : 32}`;
}
