/** An address by its family and its number, read without any help from the product. */
export interface AddressNumber {
  readonly family: 4 | 6;
  readonly value: bigint;
}

export interface Block {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

export const familyBits = { 4: 32, 6: 128 } as const;

/** Reads plain dotted or colon notation; a test that writes anything else is at fault itself. */
export const addressNumber = remembered(readAddress);

/** All addresses of a block, host bits of the written address dropped. */
export const blockOf = remembered(readBlock);

/** The evaluator asks for the same few texts millions of times. */
function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = read(text);
    known.set(text, value);
    return value;
  };
}

function readAddress(text: string): AddressNumber {
  return text.includes(":")
    ? { family: 6, value: ipv6(text) }
    : { family: 4, value: digits(text.split("."), 10, 8n) };
}

function readBlock(cidr: string): Block {
  const [address = "", prefix = ""] = cidr.split("/");
  const { family, value } = addressNumber(address);
  const hostBits = BigInt(familyBits[family] - Number(prefix));
  const first = (value >> hostBits) << hostBits;
  return { family, first, last: first + (1n << hostBits) - 1n };
}

export function isIn(address: AddressNumber, block: Block): boolean {
  return (
    address.family === block.family && block.first <= address.value && address.value <= block.last
  );
}

/** Plain notation of an address, without the shortening of zeros that readers like. */
export function addressText({ family, value }: AddressNumber): string {
  const [size, count, radix, mark] = family === 4 ? [8, 4, 10, "."] : [16, 8, 16, ":"];
  const mask = (1n << BigInt(size)) - 1n;
  return Array.from({ length: count }, (_, index) =>
    ((value >> BigInt(size * (count - 1 - index))) & mask).toString(radix),
  ).join(mark);
}

function ipv6(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return digits([...left, ...gap, ...right], 16, 16n);
}

function digits(parts: readonly string[], radix: number, bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(Number.parseInt(part, radix)), 0n);
}
