import { isIPv4, isIPv6 } from "node:net";

/** An address block as written, with its address as a number. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly address: bigint;
  readonly prefix: number;
}

/** `undefined` for anything that is not a CIDR in plain notation. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([0-9a-fA-F:.]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  const prefix = Number(match[2]);
  if (isIPv4(match[1]) && prefix <= 32) {
    return { family: 4, address: ipv4Number(match[1]), prefix };
  }
  if (isIPv6(match[1]) && prefix <= 128) {
    return { family: 6, address: ipv6Number(match[1]), prefix };
  }
  return undefined;
}

/** Blocks of IPv6 that stand for the whole of IPv4 (mapped addresses, NAT64, 6to4). */
const ipv4InIpv6 = ["::ffff:0:0/96", "::/96", "64:ff9b::/96", "2002::/16"]
  .map(parseCidr)
  .filter((block) => block !== undefined);

/** The IPv6 notation under which this block reaches IPv4 addresses, if it does. */
export function standsForIpv4(block: Cidr): boolean {
  return block.family === 6 && ipv4InIpv6.some((range) => overlap(block, range));
}

function overlap(a: Cidr, b: Cidr): boolean {
  const shift = BigInt(128 - Math.min(a.prefix, b.prefix));
  return a.address >> shift === b.address >> shift;
}

function ipv4Number(text: string): bigint {
  return text.split(".").reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function ipv6Number(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const gap = Array.from({ length: 8 - left.length - right.length }, () => 0n);
  return [...left, ...gap, ...right].reduce((sum, group) => (sum << 16n) | group, 0n);
}

/** 16-bit groups; a dotted IPv4 tail counts as two. */
function groups(text: string): readonly bigint[] {
  if (text === "") return [];
  return text.split(":").flatMap((part) => {
    if (!part.includes(".")) return [BigInt(`0x${part}`)];
    const address = ipv4Number(part);
    return [address >> 16n, address & 0xffffn];
  });
}
