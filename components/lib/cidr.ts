import { Address4, Address6 } from "ip-address";

/** A range of addresses in its only written form: network address, prefix, IPv6 as in RFC 5952. */
export interface Cidr {
  readonly text: string;
  readonly family: 4 | 6;
  /** Length of the network part, bits. */
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** One address in its only written form. */
export interface Address {
  readonly text: string;
  readonly family: 4 | 6;
  readonly value: bigint;
}

type Reading<T> = { readonly value: T } | { readonly fault: string };

/** @throws {Error} naming the text, the reason and the form to write instead */
export function parseCidr(text: string): Cidr {
  return valueOf(readCidr(text));
}

/** Why a text is not a range in its canonical form; `undefined` when it is one. */
export function cidrFault(text: string): string | undefined {
  return faultOf(readCidr(text));
}

/** @throws {Error} naming the text, the reason and the form to write instead */
export function parseAddress(text: string): Address {
  return valueOf(readAddress(text));
}

/** Why a text is not an address in its canonical form; `undefined` when it is one. */
export function addressFault(text: string): string | undefined {
  return faultOf(readAddress(text));
}

/** Whether some address lies in both ranges; ranges of different families never meet. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Whether all of `inner` lies in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function containsAddress(outer: Cidr, address: Address): boolean {
  return (
    outer.family === address.family && outer.first <= address.value && address.value <= outer.last
  );
}

/**
 * The `index`-th part (from 0) of a range cut into parts of the given prefix.
 *
 * @throws {RangeError} if the prefix is shorter than the range's own or longer than the family allows, or no such part exists
 */
export function subnet(range: Cidr, prefix: number, index: number): Cidr {
  const bits = addressBits(range.family);
  if (!Number.isInteger(prefix) || prefix < range.prefix || prefix > bits) {
    throw new RangeError(
      `${range.text} cannot be cut into /${prefix}; give a prefix from ${range.prefix} to ${bits}`,
    );
  }
  const parts = 1n << BigInt(prefix - range.prefix);
  if (!Number.isInteger(index) || index < 0 || BigInt(index) >= parts) {
    throw new RangeError(
      `${range.text} has no /${prefix} number ${index}; numbers run from 0 to ${parts - 1n}`,
    );
  }
  const size = 1n << BigInt(bits - prefix);
  const first = range.first + size * BigInt(index);
  const address = range.family === 4 ? Address4.fromBigInt(first) : Address6.fromBigInt(first);
  return {
    text: `${address.correctForm()}/${prefix}`,
    family: range.family,
    prefix,
    first,
    last: first + size - 1n,
  };
}

/** Readings by text: rules ask for the same few ranges thousands of times. */
const readings = new Map<string, Reading<Cidr>>();
/** More distinct ranges than any stack names; beyond it nothing is kept. */
const mostReadings = 10_000;

function readCidr(text: string): Reading<Cidr> {
  const known = readings.get(text);
  if (known !== undefined) return known;
  const reading = freshlyRead(text);
  if (readings.size < mostReadings) readings.set(text, reading);
  return reading;
}

function freshlyRead(text: string): Reading<Cidr> {
  if (!text.includes("/")) {
    return { fault: `"${text}" has no prefix; write it as in 10.0.0.0/16 or fd00::/48` };
  }
  const address = parse(text);
  if (address === undefined) {
    return { fault: `"${text}" is not an address range; write it as in 10.0.0.0/16 or fd00::/48` };
  }
  const network = address.startAddress();
  const canonical = `${network.correctForm()}/${address.subnetMask}`;
  if (canonical !== text) {
    const reason =
      network.bigInt() === address.bigInt()
        ? "is not in canonical form"
        : `has address bits set behind its prefix /${address.subnetMask}`;
    return { fault: `"${text}" ${reason}; write ${canonical}` };
  }
  return {
    value: {
      text,
      family: familyOf(address),
      prefix: address.subnetMask,
      first: network.bigInt(),
      last: address.endAddress().bigInt(),
    },
  };
}

function readAddress(text: string): Reading<Address> {
  const address = text.includes("/") ? undefined : parse(text);
  if (address === undefined) {
    return { fault: `"${text}" is not an address; write it as in 10.0.0.1 or fd00::1` };
  }
  const canonical = address.correctForm();
  if (canonical !== text) {
    return { fault: `"${text}" is not in canonical form; write ${canonical}` };
  }
  return { value: { text, family: familyOf(address), value: address.bigInt() } };
}

const mappedIpv4 = new Address6("::ffff:0:0/96");

function parse(text: string): Address4 | Address6 | undefined {
  if (!text.includes(":")) return Address4.isValid(text) ? new Address4(text) : undefined;
  if (!Address6.isValid(text)) return undefined;
  const address = new Address6(text);
  // The same hosts would have two names, and ranges of two families never overlap.
  return address.startAddress().isInSubnet(mappedIpv4) ? undefined : address;
}

function familyOf(address: Address4 | Address6): 4 | 6 {
  return address instanceof Address4 ? 4 : 6;
}

function addressBits(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

function valueOf<T>(reading: Reading<T>): T {
  if ("fault" in reading) throw new Error(reading.fault);
  return reading.value;
}

function faultOf(reading: Reading<unknown>): string | undefined {
  return "fault" in reading ? reading.fault : undefined;
}
