import { parseCidr } from "../../../components/lib/cidr.ts";
import { intersect, normalize, type Span, subtract } from "./spans.ts";

export type Family = 4 | 6;
export const families: readonly Family[] = [4, 6];

/** Addresses of one family as numbers. */
export type AddressSpans = readonly Span<bigint>[];

/** Addresses of both families, kept apart: 1.2.3.4 and ::1.2.3.4 are not one address. */
export type Addresses = Readonly<Record<Family, AddressSpans>>;

const bits = { 4: 32, 6: 128 } as const;
const step = {
  next: (address: bigint) => address + 1n,
  previous: (address: bigint) => address - 1n,
};

export const everyAddress: Addresses = {
  4: [{ from: 0n, to: (1n << 32n) - 1n }],
  6: [{ from: 0n, to: (1n << 128n) - 1n }],
};

export const noAddress: Addresses = { 4: [], 6: [] };

export function normalizeAddresses(spans: AddressSpans): AddressSpans {
  return normalize(spans, step.next);
}

export function uniteAddresses(sets: readonly Addresses[]): Addresses {
  if (sets.length === 1 && sets[0] !== undefined) return sets[0];
  return {
    4: normalizeAddresses(sets.flatMap((set) => set[4])),
    6: normalizeAddresses(sets.flatMap((set) => set[6])),
  };
}

export function subtractAddresses(a: Addresses, b: Addresses): Addresses {
  return { 4: subtract(a[4], b[4], step), 6: subtract(a[6], b[6], step) };
}

export function intersectAddresses(a: Addresses, b: Addresses): Addresses {
  return { 4: intersect(a[4], b[4]), 6: intersect(a[6], b[6]) };
}

export function addressesMeet(a: Addresses, b: Addresses): boolean {
  return families.some((family) => intersect(a[family], b[family]).length > 0);
}

export function addressesHold(outer: Addresses, inner: Addresses): boolean {
  return families.every((family) => subtract(inner[family], outer[family], step).length === 0);
}

/** One CIDR block in canonical form. @throws Error where the text is none */
export function block(text: string): Addresses {
  const { family, first, last } = parseCidr(text);
  const spans = [{ from: first, to: last }];
  return family === 4 ? { 4: spans, 6: [] } : { 4: [], 6: spans };
}

/** One CIDR block with the number of its first address. */
export interface Block {
  readonly first: bigint;
  readonly prefix: number;
  readonly text: string;
}

/** The fewest CIDR blocks that cover exactly these addresses, in ascending order. */
export function blocksOf(family: Family, spans: AddressSpans): readonly Block[] {
  return spans.flatMap((span) => blocksOfSpan(family, span));
}

function blocksOfSpan(family: Family, { from, to }: Span<bigint>): readonly Block[] {
  const blocks: Block[] = [];
  let first = from;
  while (first <= to) {
    let free = 0;
    // The largest block that starts here, is aligned, and ends within the span.
    while (free < bits[family]) {
      const size = 1n << BigInt(free + 1);
      if (first % size !== 0n || first + size - 1n > to) break;
      free += 1;
    }
    const prefix = bits[family] - free;
    blocks.push({ first, prefix, text: `${addressText(family, first)}/${prefix}` });
    first += 1n << BigInt(free);
  }
  return blocks;
}

function addressText(family: Family, address: bigint): string {
  return family === 4 ? ipv4Text(address) : ipv6Text(address);
}

function ipv4Text(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 0xffn)).join(".");
}

/** As RFC 5952 writes it: lower case, the longest run of at least two zero groups left out, the first of equals. */
function ipv6Text(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((address >> BigInt(112 - 16 * index)) & 0xffffn),
  );
  let [start, length] = [-1, 1];
  for (let at = 0; at < 8; at += 1) {
    let run = 0;
    while (at + run < 8 && groups[at + run] === 0) run += 1;
    if (run > length) [start, length] = [at, run];
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (start < 0) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}
