import type { ExternalRange } from "../result.ts";
import {
  type Addresses,
  type AddressSpans,
  type Block,
  blocksOf,
  everyAddress,
  type Family,
  families,
  normalizeAddresses,
} from "./addresses.ts";
import {
  allPorts,
  intersectPorts,
  isNoPorts,
  noPorts,
  type PortRange,
  type PortSet,
  protocols,
  rangesOf,
  subtractPorts,
  unitePorts,
} from "./ports.ts";
import type { Span } from "./spans.ts";

interface Segment extends Span<bigint> {
  readonly ports: PortSet;
}

type Segments = readonly Segment[];

/** Which ports of which addresses: segments in ascending order, disjoint, none without a port. */
export type Region = Readonly<Record<Family, Segments>>;

export const nowhere: Region = { 4: [], 6: [] };

export function region(addresses: Addresses, ports: PortSet): Region {
  if (isNoPorts(ports)) return nowhere;
  const of = (spans: AddressSpans): Segments => spans.map((span) => ({ ...span, ports }));
  return { 4: of(addresses[4]), 6: of(addresses[6]) };
}

export const everywhere: Region = region(everyAddress, allPorts);

export function isNowhere(place: Region): boolean {
  return families.every((family) => place[family].length === 0);
}

export function unite(a: Region, b: Region): Region {
  if (isNowhere(a)) return b;
  return isNowhere(b) ? a : combine(a, b, unitePorts);
}

/**
 * The union of many. Regions of one set of ports are joined as plain addresses first, which keeps a
 * policy of a thousand blocks linear.
 */
export function uniteAll(parts: readonly { addresses: Addresses; ports: PortSet }[]): Region {
  const byPorts = Map.groupBy(parts, (part) => part.ports.key);
  let all = nowhere;
  for (const group of byPorts.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const addresses = {
      4: normalizeAddresses(group.flatMap((part) => part.addresses[4])),
      6: normalizeAddresses(group.flatMap((part) => part.addresses[6])),
    };
    all = unite(all, region(addresses, first.ports));
  }
  return all;
}

export function intersectRegions(a: Region, b: Region): Region {
  if (isNowhere(a) || isNowhere(b)) return nowhere;
  return combine(a, b, intersectPorts);
}

export function subtractRegions(a: Region, b: Region): Region {
  if (isNowhere(a) || isNowhere(b)) return a;
  return combine(a, b, subtractPorts);
}

/** Ports open at some address of the set. */
export function portsAt(place: Region, addresses: Addresses): PortSet {
  let ports = noPorts;
  for (const family of families) {
    for (const segment of place[family]) {
      const meets = addresses[family].some(
        (span) => span.from <= segment.to && segment.from <= span.to,
      );
      if (meets) ports = unitePorts(ports, segment.ports);
    }
  }
  return ports;
}

/** Ports open at any address of the region. */
export function portsAnywhere(place: Region): PortSet {
  return families
    .flatMap((family) => place[family].map((segment) => segment.ports))
    .reduce(unitePorts, noPorts);
}

function combine(a: Region, b: Region, ports: (a: PortSet, b: PortSet) => PortSet): Region {
  return { 4: sweep(a[4], b[4], ports), 6: sweep(a[6], b[6], ports) };
}

/** Goes through both lists from boundary to boundary. */
function sweep(a: Segments, b: Segments, ports: (a: PortSet, b: PortSet) => PortSet): Segments {
  const starts = new Set<bigint>();
  for (const segment of a) starts.add(segment.from).add(segment.to + 1n);
  for (const segment of b) starts.add(segment.from).add(segment.to + 1n);
  const boundaries = [...starts].toSorted((x, y) => (x < y ? -1 : x > y ? 1 : 0));
  const swept: Segment[] = [];
  let [i, j] = [0, 0];
  for (const [index, from] of boundaries.entries()) {
    const next = boundaries[index + 1];
    if (next === undefined) break;
    while (i < a.length && (a[i]?.to ?? 0n) < from) i += 1;
    while (j < b.length && (b[j]?.to ?? 0n) < from) j += 1;
    const open = ports(portsHere(a[i], from), portsHere(b[j], from));
    if (!isNoPorts(open)) append(swept, { from, to: next - 1n, ports: open });
  }
  return swept;
}

function portsHere(segment: Segment | undefined, address: bigint): PortSet {
  return segment !== undefined && segment.from <= address ? segment.ports : noPorts;
}

function append(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1);
  if (last !== undefined && last.to + 1n === segment.from && last.ports.key === segment.ports.key) {
    segments[segments.length - 1] = { ...last, to: segment.to };
  } else {
    segments.push(segment);
  }
}

/** The region as a report shows it: for each range of ports the fewest blocks, in ascending order. */
export function externalRanges(place: Region): readonly ExternalRange[] {
  return families.flatMap((family) =>
    rowsOf(family, place[family])
      .toSorted(compareRows)
      .map(({ block, range }) => ({ family, cidr: block.text, ...range })),
  );
}

interface Row {
  readonly block: Block;
  readonly range: PortRange;
}

function rowsOf(family: Family, segments: Segments): readonly Row[] {
  const open = segments.flatMap((segment) =>
    rangesOf(segment.ports).map((range) => ({ segment, range })),
  );
  const byRange = Map.groupBy(
    open,
    ({ range }) => `${range.protocol} ${range.fromPort}-${range.toPort}`,
  );
  return [...byRange.values()].flatMap((group) => {
    const spans = normalizeAddresses(group.map(({ segment }) => segment));
    const range = group[0]?.range;
    return range === undefined ? [] : blocksOf(family, spans).map((block) => ({ block, range }));
  });
}

function compareRows(a: Row, b: Row): number {
  if (a.block.first !== b.block.first) return a.block.first < b.block.first ? -1 : 1;
  return (
    a.block.prefix - b.block.prefix ||
    protocols.indexOf(a.range.protocol) - protocols.indexOf(b.range.protocol) ||
    a.range.fromPort - b.range.fromPort
  );
}
