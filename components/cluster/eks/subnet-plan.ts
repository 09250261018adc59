import { type Cidr, parseCidr, subnet } from "../../lib/cidr.ts";

/** Sizes of a VPC that AWS allows and that leave each zone at least 64 addresses. */
export const vpcPrefix = { min: 16, max: 22 } as const;

/** Zone letters a to h take the lower half of 16 parts; the upper half stays free for later subnets. */
const zoneLetters = "abcdefgh";
const partBits = 4;

/** Place of a zone's subnet in the VPC; `undefined` for what is no zone of the region. */
export function zoneSlot(region: string, zone: string): number | undefined {
  const letter = zone.startsWith(region) ? zone.slice(region.length) : "";
  const slot = letter.length === 1 ? zoneLetters.indexOf(letter) : -1;
  return slot < 0 ? undefined : slot;
}

/**
 * The private subnet of a zone. It depends on the zone's letter alone, so that a zone added later
 * moves no other subnet.
 *
 * @throws {Error} if the zone is not in the region or the range cannot be cut
 */
export function zoneSubnet(vpcCidr: string, region: string, zone: string): Cidr {
  const slot = zoneSlot(region, zone);
  if (slot === undefined) {
    throw new Error(`zone "${zone}" is not a zone ${region}a to ${region}h of region ${region}`);
  }
  const vpc = parseCidr(vpcCidr);
  return subnet(vpc, vpc.prefix + partBits, slot);
}
