import { z } from "zod";
import { type Reading, read, unreadable } from "../reading.ts";
import { jsonOf } from "./disks.ts";

/** A network interface of a host. */
export interface HostLink {
  readonly name: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly mac: string | undefined;
  /** What made it, such as `veth` or `vlan`; `undefined`: hardware. */
  readonly kind: string | undefined;
}

const link = z.object({
  ifname: z.string(),
  mtu: z.int(),
  flags: z.array(z.string()),
  link_type: z.string(),
  address: z.string().optional(),
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
});

/** `ip -details -json link`, without the loopback. */
export function readLinks(text: string): Reading<readonly HostLink[]> {
  const parsed = z.array(link).min(1).safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return unreadable(`is not what ip writes: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return read(
    parsed.data
      .filter(({ link_type: type }) => type !== "loopback")
      .map(({ ifname, mtu, flags, address, linkinfo }) => ({
        name: ifname,
        mtu,
        // What the administrator wants up carries packets as soon as there is a cable.
        up: flags.includes("UP"),
        mac: address,
        kind: linkinfo?.info_kind,
      })),
  );
}
