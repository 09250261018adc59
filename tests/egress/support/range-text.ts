import type { ExternalRange } from "../../../policies/egress/result.ts";
import { type Protocol, protocols } from "../oracle/kubernetes.ts";
import { lastPort } from "./ranges.ts";

/** Reads "10.0.0.0/8 TCP 443", "fd00::/8 UDP 53-54", "::/0 TCP all", "::/0 all" and "everything". */
export function readRanges(texts: readonly string[]): readonly ExternalRange[] {
  return texts.flatMap((text) =>
    text === "everything"
      ? [...readRange("0.0.0.0/0 all"), ...readRange("::/0 all")]
      : readRange(text),
  );
}

function readRange(text: string): readonly ExternalRange[] {
  const [cidr = "", protocol = "", ports = "all"] = text.split(" ");
  const family = cidr.includes(":") ? 6 : 4;
  const { fromPort, toPort } = readPorts(ports);
  return readProtocols(protocol).map((each) => ({
    family,
    cidr,
    protocol: each,
    fromPort,
    toPort,
  }));
}

export function readProtocols(text: string): readonly Protocol[] {
  if (text === "all") return protocols;
  const found = protocols.filter((each) => each === text);
  if (found.length === 0) throw new Error(`"${text}" is no protocol`);
  return found;
}

export function readPorts(text: string): { readonly fromPort: number; readonly toPort: number } {
  if (text === "all") return { fromPort: 1, toPort: lastPort };
  const [from, to = from] = text.split("-").map(Number);
  if (from === undefined || to === undefined || Number.isNaN(from + to)) {
    throw new Error(`"${text}" is no range of ports`);
  }
  return { fromPort: from, toPort: to };
}
