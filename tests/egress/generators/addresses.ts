import * as fc from "fast-check";
import { addressText, blockOf, familyBits } from "../oracle/addresses.ts";
import type { IpBlock } from "../oracle/kubernetes.ts";

/**
 * Four bits of each family vary, spread over the whole length, so that blocks of a few prefixes meet,
 * hold each other and miss each other in every way, the widest and the narrowest included.
 */
const spaces = {
  4: { base: 0x0a00_0000n, bits: [0, 8, 24, 31], prefixes: [0, 1, 8, 9, 25, 31, 32] },
  6: {
    base: 0x2001_0db8n << 96n,
    bits: [0, 32, 64, 127],
    prefixes: [0, 1, 32, 33, 65, 127, 128],
  },
} as const;

export const families = [4, 6] as const;
export type Family = (typeof families)[number];

/** The address of one of the 16 places of a family. */
export function placeAddress(family: Family, place: number): string {
  return canonical(family, placeNumber(family, place));
}

function placeNumber(family: Family, place: number): bigint {
  const { base, bits } = spaces[family];
  return bits.reduce<bigint>(
    (sum, bit, index) =>
      ((place >> index) & 1) === 1 ? sum ^ (1n << BigInt(familyBits[family] - 1 - bit)) : sum,
    base,
  );
}

/** Canonical text of an address: IPv6 in small letters with its longest run of zeros left out. */
export function canonical(family: Family, value: bigint): string {
  const text = addressText({ family, value });
  if (family === 4) return text;
  const runs = [...text.matchAll(/(?<=^|:)0(?::0)+(?=$|:)/g)].toSorted(
    (a, b) => b[0].length - a[0].length,
  );
  const [longest] = runs;
  if (longest === undefined) return text;
  const before = text.slice(0, longest.index).replace(/:$/, "");
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${before}::${after}`;
}

function cidrText(family: Family, place: number, prefix: number): string {
  const { first } = blockOf(`${placeAddress(family, place)}/${prefix}`);
  return `${canonical(family, first)}/${prefix}`;
}

export const places = Array.from({ length: 16 }, (_, index) => index);

/** The same place in the other family, by the text of an address or a block that is generated here. */
export const counterparts: ReadonlyMap<string, string> = new Map(
  places.flatMap((place) => {
    const hosts = families.map((family) => placeAddress(family, place));
    const blocks = spaces[4].prefixes.map((_, index) =>
      families.map((family) => cidrText(family, place, spaces[family].prefixes[index] ?? 0)),
    );
    return [hosts, ...blocks].flatMap(([v4 = "", v6 = ""]) => [
      [v4, v6] as const,
      [v6, v4] as const,
    ]);
  }),
);

export const family = fc.constantFrom(...families);
export const place = fc.integer({ min: 0, max: 15 });

/** A block of either family in canonical form. */
export const cidr = fc
  .record({ family, place, prefix: fc.integer({ min: 0, max: 6 }) })
  .map((drawn) =>
    cidrText(drawn.family, drawn.place, spaces[drawn.family].prefixes[drawn.prefix] ?? 0),
  );

/** A block with up to two exceptions, each truly inside it. */
export const ipBlock: fc.Arbitrary<IpBlock> = fc
  .record({
    family,
    place,
    prefix: fc.integer({ min: 0, max: 6 }),
    narrower: fc.option(
      fc.array(fc.record({ flips: place, steps: fc.integer({ min: 1, max: 6 }) }), {
        maxLength: 2,
      }),
      { nil: undefined },
    ),
  })
  .map((drawn) => {
    const { prefixes } = spaces[drawn.family];
    const outer = prefixes[drawn.prefix] ?? 0;
    const text = cidrText(drawn.family, drawn.place, outer);
    if (drawn.narrower === undefined) return { cidr: text };
    const block = blockOf(text);
    const except = drawn.narrower.flatMap(({ flips, steps }) => {
      const inner = prefixes[drawn.prefix + steps];
      if (inner === undefined) return [];
      const inside = cidrText(drawn.family, drawn.place ^ flips, inner);
      return blockOf(inside).first >= block.first && blockOf(inside).last <= block.last
        ? [inside]
        : [];
    });
    return { cidr: text, except: [...new Set(except)] };
  });
