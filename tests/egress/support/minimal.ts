import type { ExternalRange } from "../../../policies/egress/result.ts";
import type { PortRange } from "../../../policies/egress/sets/ports.ts";
import { blockOf, familyBits } from "../oracle/addresses.ts";
import { protocols } from "../oracle/kubernetes.ts";

/** Two blocks of which one would do: one inside the other, or the two halves of a third. */
export function mergeableBlocks(ranges: readonly ExternalRange[]): readonly string[] {
  const groups = Map.groupBy(
    ranges,
    ({ family, protocol, fromPort, toPort }) => `${family} ${protocol} ${fromPort} ${toPort}`,
  );
  return [...groups.values()].flatMap((group) =>
    pairs(group.map(({ cidr }) => cidr))
      .filter(([one, other]) => overlap(one, other) || areHalves(one, other))
      .map(([one, other]) => `${one} and ${other}`),
  );
}

/** Two ranges of ports of which one would do: they overlap, or the one goes on where the other ends. */
export function mergeablePorts(ranges: readonly PortRange[]): readonly string[] {
  return pairs(ranges)
    .filter(
      ([one, other]) =>
        one.protocol === other.protocol &&
        one.fromPort <= other.toPort + 1 &&
        other.fromPort <= one.toPort + 1,
    )
    .map(([one, other]) => `${one.protocol} from ${one.fromPort} and from ${other.fromPort}`);
}

/** Two ranges of one block whose ports could be written as one. */
export function mergeableRanges(ranges: readonly ExternalRange[]): readonly string[] {
  return [...Map.groupBy(ranges, ({ cidr }) => cidr).values()].flatMap(mergeablePorts);
}

/** By protocol and first port, so that a reader finds what he looks for. */
export function arePortsSorted(ranges: readonly PortRange[]): boolean {
  return pairsOfNeighbours(ranges).every(([one, other]) => {
    const order = protocols.indexOf(one.protocol) - protocols.indexOf(other.protocol);
    return order < 0 || (order === 0 && one.fromPort < other.fromPort);
  });
}

/** By family, address, length of the prefix, protocol and port. */
export function areRangesSorted(ranges: readonly ExternalRange[]): boolean {
  return pairsOfNeighbours(ranges).every(([one, other]) => compare(one, other) < 0);
}

function compare(one: ExternalRange, other: ExternalRange): number {
  const [a, b] = [blockOf(one.cidr), blockOf(other.cidr)];
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  if (a.last !== b.last) return a.last > b.last ? -1 : 1;
  return arePortsSorted([one, other]) ? -1 : 1;
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [blockOf(one), blockOf(other)];
  return a.first <= b.last && b.first <= a.last;
}

function areHalves(one: string, other: string): boolean {
  const [a, b] = [blockOf(one), blockOf(other)];
  const size = a.last - a.first + 1n;
  if (size !== b.last - b.first + 1n) return false;
  const first = a.first < b.first ? a.first : b.first;
  const adjacent = a.last + 1n === b.first || b.last + 1n === a.first;
  return adjacent && size < 1n << BigInt(familyBits[a.family]) && first % (size * 2n) === 0n;
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((one, index) =>
    items.slice(index + 1).map((other) => [one, other] as const),
  );
}

function pairsOfNeighbours<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((one, index) => {
    const other = items[index + 1];
    return other === undefined ? [] : [[one, other] as const];
  });
}
