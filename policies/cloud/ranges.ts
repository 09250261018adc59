import { type Cidr, cidrFault, contains, parseCidr } from "../../components/lib/cidr.ts";
import type { Settings } from "../model/settings.ts";
import { type Aws, ofKind } from "./aws.ts";

/** Ranges that no router of the internet carries (RFC 1918, RFC 6598, RFC 4193). */
const privateRanges = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
].map(parseCidr);

/** `undefined` for what is no range in its canonical form. */
export function rangeOf(text: string): Cidr | undefined {
  return cidrFault(text) === undefined ? parseCidr(text) : undefined;
}

export function isPrivate(range: Cidr): boolean {
  return privateRanges.some((each) => contains(each, range));
}

/** The ports of one rule of a security group; every one of every protocol where `protocol` is "-1". */
export interface Ports {
  /** In lower case: "tcp", "6", "-1". */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

/** Where nodes may send packets: ranges with the ports that go with them. */
export interface OpenRange {
  readonly range: Cidr;
  /** Absent: every port. */
  readonly ports?: {
    readonly protocols: readonly string[];
    readonly from: number;
    readonly to: number;
  };
}

const protocolNumbers = { TCP: "6", UDP: "17", SCTP: "132" } as const;

/** The networks of the graph and of the stack file, and what the stack file allows beyond them. */
export function openRanges(aws: Aws, { network, policies }: Settings): readonly OpenRange[] {
  const networks = [
    ...ofKind(aws, "ec2.Vpc", "ec2.VpcIpv4CidrBlockAssociation").map(
      ({ resource }) => resource.properties["cidrBlock"],
    ),
    network?.nodeCidr,
    network?.podCidr,
    network?.serviceCidr,
  ].filter((each) => typeof each === "string");
  return [
    ...networks.flatMap((text) => {
      const range = rangeOf(text);
      return range === undefined ? [] : [{ range }];
    }),
    ...policies.allowedEgress.flatMap(({ cidr, protocol, port, endPort }) => {
      const range = rangeOf(cidr);
      const protocols = [protocol.toLowerCase(), protocolNumbers[protocol]];
      const ports = { protocols, from: port, to: endPort ?? port };
      return range === undefined ? [] : [{ range, ports }];
    }),
  ];
}

export function isOpen(open: readonly OpenRange[], range: Cidr, ports: Ports): boolean {
  return open.some((each) => {
    if (!contains(each.range, range)) return false;
    if (each.ports === undefined) return true;
    return (
      each.ports.protocols.includes(ports.protocol) &&
      each.ports.from <= ports.from &&
      ports.to <= each.ports.to
    );
  });
}
