import type { Protocol } from "../result.ts";
import { intersect, normalize, type Span, subtract } from "./spans.ts";

/** The protocols that a NetworkPolicy governs, in the order of every report. */
export const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];

export interface PortRange {
  readonly protocol: Protocol;
  readonly fromPort: number;
  readonly toPort: number;
}

type PortSpans = readonly Span<number>[];

/** A set of ports by protocol. Two sets are equal exactly where their keys are. */
export interface PortSet {
  readonly key: string;
  readonly spans: Readonly<Record<Protocol, PortSpans>>;
}

export const firstPort = 1;
export const lastPort = 65_535;

const whole: PortSpans = [{ from: firstPort, to: lastPort }];
const none: PortSpans = [];
const step = { next: (port: number) => port + 1, previous: (port: number) => port - 1 };

function portSet(tcp: PortSpans, udp: PortSpans, sctp: PortSpans): PortSet {
  const text = (spans: PortSpans) => spans.map(({ from, to }) => `${from}-${to}`).join(",");
  return {
    key: `${text(tcp)};${text(udp)};${text(sctp)}`,
    spans: { TCP: tcp, UDP: udp, SCTP: sctp },
  };
}

export const noPorts = portSet(none, none, none);
export const allPorts = portSet(whole, whole, whole);

export function portsOf(ranges: readonly PortRange[]): PortSet {
  if (ranges.length === 0) return noPorts;
  const of = (protocol: Protocol) =>
    normalize(
      ranges
        .filter((range) => range.protocol === protocol)
        .map(({ fromPort, toPort }) => ({ from: fromPort, to: toPort })),
      step.next,
    );
  return portSet(of("TCP"), of("UDP"), of("SCTP"));
}

export function rangesOf(ports: PortSet): readonly PortRange[] {
  return protocols.flatMap((protocol) =>
    ports.spans[protocol].map(({ from, to }) => ({ protocol, fromPort: from, toPort: to })),
  );
}

export function isNoPorts(ports: PortSet): boolean {
  return ports.key === noPorts.key;
}

function byProtocol(
  a: PortSet,
  b: PortSet,
  combine: (a: PortSpans, b: PortSpans) => PortSpans,
): PortSet {
  return portSet(
    combine(a.spans.TCP, b.spans.TCP),
    combine(a.spans.UDP, b.spans.UDP),
    combine(a.spans.SCTP, b.spans.SCTP),
  );
}

export function unitePorts(a: PortSet, b: PortSet): PortSet {
  if (a.key === b.key || isNoPorts(b) || a.key === allPorts.key) return a;
  if (isNoPorts(a) || b.key === allPorts.key) return b;
  return byProtocol(a, b, (x, y) => normalize([...x, ...y], step.next));
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  if (a.key === b.key || isNoPorts(a) || b.key === allPorts.key) return a;
  if (isNoPorts(b) || a.key === allPorts.key) return b;
  return byProtocol(a, b, intersect);
}

export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  if (isNoPorts(a) || isNoPorts(b)) return a;
  if (a.key === b.key || b.key === allPorts.key) return noPorts;
  return byProtocol(a, b, (x, y) => subtract(x, y, step));
}

export function holdsPort(ports: PortSet, protocol: Protocol, port: number): boolean {
  return ports.spans[protocol].some(({ from, to }) => from <= port && port <= to);
}
