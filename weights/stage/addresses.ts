import { lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/**
 * Where a source must not lead: this machine, the link, and the services that clouds put on addresses of their own,
 * which hand out credentials. Link-local blocks hold most of those; the rest stand one by one. As the clouds document
 * them, read November 2026.
 */
const forbidden = new BlockList();
forbidden.addSubnet("0.0.0.0", 8, "ipv4");
forbidden.addSubnet("127.0.0.0", 8, "ipv4");
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addAddress("100.100.100.200", "ipv4");
forbidden.addAddress("168.63.129.16", "ipv4");
forbidden.addAddress("::", "ipv6");
forbidden.addAddress("::1", "ipv6");
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addAddress("fd00:ec2::254", "ipv6");
forbidden.addAddress("fd00:ec2::23", "ipv6");
forbidden.addAddress("fd20:ce::254", "ipv6");
// IPv4 in the clothes of IPv6: translated, by way of 6to4 or as the old compatible form.
forbidden.addSubnet("64:ff9b::", 96, "ipv6");
forbidden.addSubnet("2002::", 16, "ipv6");
forbidden.addSubnet("::", 96, "ipv6");

/** @param address an IP address */
export function isForbidden(address: string): boolean {
  // The list holds mapped addresses (::ffff:a.b.c.d) to be the IPv4 ones.
  return forbidden.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** Host of a URL as an address; undefined for a name. */
export function addressOf(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(bare) === 0 ? undefined : bare;
}

/** This machine's own interface: what is said there passes no wire. */
export function isLoopbackHost(hostname: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

/** Looks names up and refuses those that lead to a forbidden address, when the connection is made. */
export const guardedLookup: LookupFunction = (hostname, options, done) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, []);
    const bad = addresses.find(({ address }) => isForbidden(address));
    const [first] = addresses;
    if (bad !== undefined || first === undefined) {
      return done(new ForbiddenAddressError(hostname, bad?.address ?? "no address"), []);
    }
    return options.all === true ? done(null, addresses) : done(null, first.address, first.family);
  });
};

class ForbiddenAddressError extends Error {
  override readonly name = "ForbiddenAddressError";
  readonly code = "EFORBIDDEN";

  constructor(hostname: string, address: string) {
    super(`${hostname} leads to ${address}, which no source may`);
  }
}
