import test from "ava";
import * as fc from "fast-check";
import {
  addressFault,
  type Cidr,
  cidrFault,
  contains,
  containsAddress,
  overlaps,
  parseAddress,
  parseCidr,
  subnet,
} from "../../components/lib/cidr.ts";

/** Any range, made from an address and a prefix without the code under test. */
const ipv4 = fc
  .tuple(fc.nat({ max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => {
    const network = prefix === 0 ? 0 : ((address >>> (32 - prefix)) << (32 - prefix)) >>> 0;
    const octets = [24, 16, 8, 0].map((shift) => (network >>> shift) & 255);
    return `${octets.join(".")}/${prefix}`;
  });
const ipv6 = fc
  .tuple(fc.bigInt({ min: 1n << 120n, max: (1n << 128n) - 1n }), fc.integer({ min: 8, max: 128 }))
  .map(([address, prefix]) => {
    const host = BigInt(128 - prefix);
    const groups = (((address >> host) << host) | 0n).toString(16).padStart(32, "0").match(/.{4}/g);
    return canonicalIpv6(
      (groups ?? []).map((group) => Number.parseInt(group, 16)),
      prefix,
    );
  });
const range = fc.oneof(ipv4, ipv6).map(parseCidr);

/** RFC 5952: the longest run of two or more zero groups, the first of equals, becomes `::`. */
function canonicalIpv6(groups: readonly number[], prefix: number): string {
  const hex = groups.map((group) => group.toString(16)).join(":");
  const runs = [...hex.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)];
  const longest = runs.reduce((best, [run]) => (run.length > best.length ? run : best), "");
  const at = runs.find(([run]) => run === longest)?.index ?? -1;
  if (longest === "") return `${hex}/${prefix}`;
  const before = hex.slice(0, at).replace(/:$/, "");
  const after = hex.slice(at + longest.length).replace(/^:/, "");
  return `${before}::${after}/${prefix}`;
}

test("every canonical IPv4 and IPv6 range is read and keeps its text", (t) => {
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (text) => {
      t.is(cidrFault(text), undefined);
      t.is(parseCidr(text).text, text);
    }),
  );
});

test("a range holds two to the power of its host bits", (t) => {
  fc.assert(
    fc.property(range, ({ family, prefix, first, last }) => {
      t.is(last - first + 1n, 1n << BigInt((family === 4 ? 32 : 128) - prefix));
    }),
  );
});

test("two ranges overlap exactly when one contains the other", (t) => {
  fc.assert(
    fc.property(range, range, (a, b) => {
      t.is(overlaps(a, b), contains(a, b) || contains(b, a));
      t.is(overlaps(a, b), overlaps(b, a));
    }),
  );
});

test("the parts of a range tile it without gap or overlap", (t) => {
  const cut = fc
    .tuple(range, fc.integer({ min: 0, max: 4 }))
    .filter(([{ family, prefix }, extra]) => prefix + extra <= (family === 4 ? 32 : 128));
  fc.assert(
    fc.property(cut, ([whole, extra]) => {
      const parts = Array.from({ length: 2 ** extra }, (_, index) =>
        subnet(whole, whole.prefix + extra, index),
      );
      t.is(parts[0]?.first, whole.first);
      t.is(parts.at(-1)?.last, whole.last);
      for (const [index, part] of parts.entries()) {
        t.is(cidrFault(part.text), undefined);
        t.deepEqual(parseCidr(part.text), part);
        if (index > 0) t.is(part.first, (parts[index - 1]?.last ?? 0n) + 1n);
      }
    }),
  );
});

test("neighbouring ranges do not overlap", (t) => {
  const [left, right] = [parseCidr("10.0.0.0/17"), parseCidr("10.0.128.0/17")];
  t.false(overlaps(left, right));
  t.true(overlaps(left, parseCidr("10.0.0.0/8")));
});

test("ranges of different families never overlap", (t) => {
  t.false(overlaps(parseCidr("0.0.0.0/0"), parseCidr("::/0")));
  t.false(contains(parseCidr("::/0"), parseCidr("10.0.0.0/8")));
  t.false(containsAddress(parseCidr("::/0"), parseAddress("10.0.0.1")));
});

test("a range contains its first and last address and not the ones beside them", (t) => {
  const hosts: Cidr = parseCidr("192.168.4.0/22");
  t.true(containsAddress(hosts, parseAddress("192.168.4.0")));
  t.true(containsAddress(hosts, parseAddress("192.168.7.255")));
  t.false(containsAddress(hosts, parseAddress("192.168.3.255")));
  t.false(containsAddress(hosts, parseAddress("192.168.8.0")));
});

const badRanges: Readonly<Record<string, string>> = {
  "10.0.0.0": '"10.0.0.0" has no prefix; write it as in 10.0.0.0/16 or fd00::/48',
  "10.0.0.1/8": '"10.0.0.1/8" has address bits set behind its prefix /8; write 10.0.0.0/8',
  "fd00::1/64": '"fd00::1/64" has address bits set behind its prefix /64; write fd00::/64',
  "10.0.0.0/08": '"10.0.0.0/08" is not in canonical form; write 10.0.0.0/8',
  "FD00::/8": '"FD00::/8" is not in canonical form; write fd00::/8',
  "fe80::%eth0/64": '"fe80::%eth0/64" is not in canonical form; write fe80::/64',
};
for (const text of [
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "010.0.0.0/8",
  "10.0/8",
  "256.0.0.0/8",
  " 10.0.0.0/8",
  "10.0.0.0/8\n",
  "fd00::/129",
  "1::2::/64",
  "/8",
  "::ffff:10.0.0.0/104",
]) {
  test(`the range ${JSON.stringify(text)} is refused`, (t) => {
    t.is(
      cidrFault(text),
      `"${text}" is not an address range; write it as in 10.0.0.0/16 or fd00::/48`,
    );
  });
}
for (const [text, fault] of Object.entries(badRanges)) {
  test(`the range "${text}" is refused with the form to write`, (t) => {
    t.is(cidrFault(text), fault);
    t.throws(() => parseCidr(text), { message: fault });
  });
}

test("an address is refused with a prefix, in another spelling or out of range", (t) => {
  t.is(addressFault("10.0.0.1"), undefined);
  t.is(addressFault("fd00::1"), undefined);
  t.is(
    addressFault("10.0.0.1/32"),
    '"10.0.0.1/32" is not an address; write it as in 10.0.0.1 or fd00::1',
  );
  t.is(
    addressFault("10.0.0.256"),
    '"10.0.0.256" is not an address; write it as in 10.0.0.1 or fd00::1',
  );
  t.is(addressFault("fd00:0::1"), '"fd00:0::1" is not in canonical form; write fd00::1');
});

test("cutting a range outside its bounds names the bounds", (t) => {
  const vpc = parseCidr("10.0.0.0/16");
  t.throws(() => subnet(vpc, 15, 0), {
    message: "10.0.0.0/16 cannot be cut into /15; give a prefix from 16 to 32",
  });
  t.throws(() => subnet(vpc, 20, 16), {
    message: "10.0.0.0/16 has no /20 number 16; numbers run from 0 to 15",
  });
});
