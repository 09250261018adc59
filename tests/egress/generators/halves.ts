import * as fc from "fast-check";
import { blockOf, familyBits } from "../oracle/addresses.ts";
import { canonical, families, placeAddress, places } from "./addresses.ts";

/** A block and its two halves, in canonical text. */
export interface Halves {
  readonly whole: string;
  readonly lower: string;
  readonly upper: string;
}

/** Blocks of every length that can be halved, the whole family and pairs of hosts included. */
export const halves: fc.Arbitrary<Halves> = fc
  .record({
    family: fc.constantFrom(...families),
    place: fc.constantFrom(...places),
    length: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  .map(({ family, place, length }) => {
    const bits = familyBits[family];
    const prefix = Math.floor(length * bits);
    const { first } = blockOf(`${placeAddress(family, place)}/${prefix}`);
    const middle = first + (1n << BigInt(bits - prefix - 1));
    return {
      whole: `${canonical(family, first)}/${prefix}`,
      lower: `${canonical(family, first)}/${prefix + 1}`,
      upper: `${canonical(family, middle)}/${prefix + 1}`,
    };
  });
