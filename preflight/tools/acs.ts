import { linesOf, type Reading, read, unreadable } from "../reading.ts";

/** A PCIe device with Access Control Services, and which of those that reroute peer traffic are on. */
export interface AcsDevice {
  readonly device: string;
  readonly on: readonly string[];
}

export interface PciDevices {
  /** Devices of NVIDIA, bridges and switches among them. */
  readonly nvidia: number;
  readonly withAcs: readonly AcsDevice[];
}

/** Bits that send a packet between two devices up to the root complex, or refuse it. */
const rerouting = ["SrcValid", "ReqRedir", "CmpltRedir", "UpstreamFwd"] as const;

/** `lspci -vvv` as root. */
export function readAcs(text: string): Reading<PciDevices> {
  const withAcs: AcsDevice[] = [];
  let nvidia = 0;
  let device: string | undefined;
  for (const line of linesOf(text)) {
    if (/<access denied>/i.test(line)) {
      return unreadable("was not recorded as root, so the devices do not show their capabilities");
    }
    if (/^\S/.test(line)) {
      device = line.split(" ")[0];
      if (line.includes("NVIDIA")) nvidia += 1;
    }
    const control = /\bACSCtl:\s*(.*)$/.exec(line)?.[1];
    if (control === undefined) continue;
    if (device === undefined) return unreadable("has ACSCtl before any device");
    const missing = rerouting.find((bit) => !new RegExp(`\\b${bit}[+-]`).test(control));
    if (missing !== undefined) return unreadable(`does not say ${missing} of ${device}`);
    withAcs.push({ device, on: rerouting.filter((bit) => control.includes(`${bit}+`)) });
  }
  return withAcs.length === 0 ? unreadable("shows ACSCtl of no device") : read({ nvidia, withAcs });
}
